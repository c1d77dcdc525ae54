import { posix } from 'node:path';
import { callsRepolicy, helperText, HOOKS, hookLine, isShell, joinHook, DOES, TELLING, type Hook } from './hooks.ts';
import { addToPackage, dependsOn } from './package.ts';
import { engineCommand, indented, type Plan, type Wish, type Write } from './plan.ts';
import type { Installer, Package, Repository } from './repository.ts';

const INSTALL: Record<Installer, string> = {
  npm: 'npm install',
  pnpm: 'pnpm install',
  yarn: 'yarn install',
  berry: 'yarn install',
  bun: 'bun install',
};

export const installCommand = (installer: Installer): string => INSTALL[installer];

/** A committed folder of hooks, for repositories without a hook manager. */
export const GIT_FOLDER = '.githooks';

const NO_PACKAGE = 'npm install --global repolicy && repolicy init';

/** What a committed folder of hooks lacks: our file, a line in each hook, and line ends that every shell reads. */
export function planFolder(repository: Repository, folder: string): { writes: Write[]; left: string[] } {
  const { files, package: found } = repository;
  const writes: Write[] = [];
  const left: string[] = [];
  if (!files.has(`${folder}/repolicy`)) {
    const install = found ? installCommand(found.installer) : NO_PACKAGE;
    writes.push({
      path: `${folder}/repolicy`,
      text: helperText({ install, up: posix.relative(folder, found?.dir ?? '') || '.' }),
      reason: 'finds Node and repolicy for the hooks beside it',
    });
  }
  for (const hook of [...HOOKS, ...TELLING]) {
    const path = `${folder}/${hook}`;
    const text = files.get(path);
    if (text === undefined) {
      writes.push({ path, text: `#!/bin/sh\n${hookLine(hook)}`, executable: true, reason: DOES[hook] });
    } else if (!callsRepolicy(text)) {
      if (isShell(text)) {
        const joined = joinHook(text, hook);
        writes.push({ path, text: joined.text, executable: true, reason: `${DOES[hook]}, ${joined.place}` });
      } else
        left.push(
          `${path} is not a shell script. Have it run this, too:\n    ${engineCommand(repository)} hook ${hook} <its arguments>`,
        );
    }
  }
  const attributes = files.get('.gitattributes') ?? '';
  if (!keepsLineEnds(attributes, folder)) {
    const start = attributes === '' || attributes.endsWith('\n') ? attributes : `${attributes}\n`;
    writes.push({
      path: '.gitattributes',
      text: `${start}${/\s/.test(folder) ? `"/${folder}/*"` : `/${folder}/*`} text eol=lf\n`,
      reason: 'keeps the line ends of the hooks as shells need them, on Windows as well',
    });
  }
  return { writes, left };
}

const keepsLineEnds = (attributes: string, folder: string): boolean =>
  attributes.split('\n').some((line) => /\beol=lf\b/.test(line) && (/^\*\s/.test(line) || line.includes(folder)));

/**
 * A committed folder that core.hooksPath names: the one that is there, or our own. Hooks that only this person or this clone
 * has are left alone: it is said what to add.
 */
export async function planGit(repository: Repository, { version }: Wish): Promise<Plan> {
  const { hooksPath, package: found, installed, privateHooks } = repository;
  const shared = hooksPath?.own ? sharedFolder(repository.top, hooksPath.value) : undefined;
  const foreign = shared === undefined && (hooksPath ? hooksPath.own : privateHooks.size > 0);
  const folder = shared ?? GIT_FOLDER;
  const { writes, left } = foreign
    ? { writes: [], left: byHand(repository, hooksPath?.value) }
    : planFolder(repository, folder);
  const manifest = found ? await planDependency(found, version) : [];
  return {
    manager: 'git',
    writes: [...manifest, ...writes],
    ...(found &&
      (manifest.length > 0 || !installed.has('repolicy')) && { install: installCommand(found.installer).split(' ') }),
    ...(!foreign && shared === undefined && { config: { 'core.hooksPath': folder } }),
    ...(!found && { noteEngine: true }),
    left: [...left, ...(foreign || shared !== undefined ? [] : silenced(repository, folder))],
  };
}

/** A folder of the work tree, which everybody who clones the repository gets. Relative to its top. */
export function sharedFolder(top: string, path: string): string | undefined {
  const inside = posix.normalize(path.startsWith(`${top}/`) ? path.slice(top.length + 1) : path).replace(/\/$/, '');
  return /^(?:\/|~|[a-z]:|\.git(?:\/|$)|\.\.?(?:\/|$))/i.test(inside) ? undefined : inside;
}

/** What stands aside once core.hooksPath names a folder of this repository. */
export const silenced = ({ hooksPath, privateHooks }: Repository, folder: string): string[] => [
  ...(hooksPath && !hooksPath.own
    ? [`Git no longer runs your own hooks in ${hooksPath.value} here: have ${folder} call those that you need.`]
    : []),
  ...(hooksPath
    ? []
    : [...privateHooks.keys()].map(
        (name) => `Git no longer runs your .git/hooks/${name}: move what it does into ${folder}/${name}.`,
      )),
];

/** The lines to add to hooks that somebody else looks after. */
function byHand(repository: Repository, folder: string | undefined): string[] {
  const textOf = (hook: Hook) =>
    folder === undefined ? repository.privateHooks.get(hook) : repository.files.get(`${folder}/${hook}`);
  const lacking = HOOKS.filter((hook) => !callsRepolicy(textOf(hook) ?? ''));
  if (lacking.length === 0) return [];
  const where = folder ?? '.git/hooks';
  const lines = lacking.map((hook) => `${where}/${hook}:  ${engineCommand(repository)} hook ${hook} "$@" || exit`);
  return [
    `Hooks stand in ${where} already, and they stay as they are. Add a line to each:\n${indented(lines.join('\n'))}`,
  ];
}

/** For a manager other than husky: repolicy alone. */
export async function planDependency({ dir, fields, text }: Package, version: string): Promise<Write[]> {
  if (dependsOn(fields, 'repolicy')) return [];
  return [
    {
      path: `${dir}package.json`,
      text: await addToPackage(text, { packages: { repolicy: `^${version}` } }),
      reason: 'adds repolicy',
    },
  ];
}
