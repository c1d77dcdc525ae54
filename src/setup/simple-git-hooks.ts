import { installCommand, planDependency } from './folder.ts';
import { callsRepolicy, HOOKS, type Hook } from './hooks.ts';
import { dependsOn, setInJson } from './package.ts';
import { engineCommand, indented, type Plan, type Wish, type Write } from './plan.ts';
import type { Repository } from './repository.ts';

const DATA = ['.simple-git-hooks.json', 'simple-git-hooks.json'];
const CODE = ['cjs', 'js', 'mjs'].flatMap((end) => [`.simple-git-hooks.${end}`, `simple-git-hooks.${end}`]);
export const SIMPLE_FILES: readonly string[] = [...DATA, ...CODE];

export const usesSimpleGitHooks = ({ package: found, files }: Repository): boolean =>
  found !== undefined &&
  (dependsOn(found.fields, 'simple-git-hooks') ||
    Object.hasOwn(found.fields, 'simple-git-hooks') ||
    SIMPLE_FILES.some((name) => files.has(`${found.dir}${name}`)));

/** simple-git-hooks keeps one command for each hook, in package.json or a file of its own, and copies it into .git/hooks. */
export async function planSimpleGitHooks(repository: Repository, { version }: Wish): Promise<Plan> {
  const found = repository.package!;
  const { files, installed } = repository;
  const manifest = await planDependency(found, version);
  const file = DATA.map((name) => `${found.dir}${name}`).find((path) => files.has(path));
  const code = CODE.map((name) => `${found.dir}${name}`).find((path) => files.has(path));
  const commands = code === undefined ? await commandsIn(file === undefined ? found.text : files.get(file)!, file) : {};
  const lacking = HOOKS.filter((hook) => !callsRepolicy(commands[hook] ?? ''));
  const install = manifest.length > 0 || !installed.has('repolicy');
  const shared = {
    manager: 'simple-git-hooks' as const,
    ...(install && { install: installCommand(found.installer).split(' ') }),
  };
  if (code !== undefined) {
    const lines = HOOKS.map(
      (hook) => `${JSON.stringify(hook)}: ${JSON.stringify(joined(repository, hook, undefined))},`,
    );
    return {
      ...shared,
      writes: manifest,
      left: [
        `${code} is code, which is not edited here. Add to it, and run \`npx simple-git-hooks\`:\n${indented(lines.join('\n'))}`,
      ],
    };
  }
  if (lacking.length === 0) return { ...shared, writes: manifest, left: [] };
  let text = file === undefined ? (manifest[0]?.text ?? found.text) : files.get(file)!;
  for (const hook of lacking) {
    const path = file === undefined ? ['simple-git-hooks', hook] : [hook];
    text = await setInJson(text, path, joined(repository, hook, commands[hook]));
  }
  const path = file ?? `${found.dir}package.json`;
  const write: Write = { path, text, reason: 'has simple-git-hooks call repolicy' };
  return {
    ...shared,
    writes:
      file === undefined
        ? [{ ...write, reason: [...manifest.map(({ reason }) => reason), write.reason].join(', ') }]
        : [...manifest, write],
    activate: {
      run: [process.execPath, `${found.dir}node_modules/simple-git-hooks/cli.js`],
      otherwise: 'Run `npx simple-git-hooks`, so that Git calls the new commands, too.',
    },
    left: [],
  };
}

async function commandsIn(text: string, file: string | undefined): Promise<Partial<Record<Hook, string>>> {
  const { parse } = await import('jsonc-parser');
  const value = parse(text) as Record<string, unknown> | undefined;
  const own = file === undefined ? value?.['simple-git-hooks'] : value;
  return typeof own === 'object' && own !== null ? (own as Partial<Record<Hook, string>>) : {};
}

/** Formatters stage what they changed, so a commit is judged last; a push is judged first, and hands nothing on. */
function joined(repository: Repository, hook: Hook, command: string | undefined): string {
  const ours = `${engineCommand(repository)} hook ${hook} "$@"`;
  if (!command) return ours;
  return hook === 'pre-push' ? `${ours} && ${command}` : `${command} && ${ours}`;
}
