import { installCommand, planFolder, silenced } from './folder.ts';
import { addToPackage, dependsOn, type PackageAdditions } from './package.ts';
import type { Plan, Wish, Write } from './plan.ts';
import type { Package, Refusal, Repository } from './repository.ts';

const HUSKY = '^9.1.7';

export const usesHusky = ({ package: found, hooksPath, files }: Repository): boolean =>
  found !== undefined &&
  (dependsOn(found.fields, 'husky') ||
    /(?:^|\/)\.husky(?:\/_)?\/?$/.test(hooksPath?.value ?? '') ||
    [...files.keys()].some((path) => path.startsWith(`${found.dir}.husky/`)));

export async function planHusky(repository: Repository, { version }: Wish): Promise<Plan | Refusal> {
  const { package: found, hooksPath, installed } = repository;
  if (!found) return { refused: 'husky needs a package.json. `--manager git` does without one.' };
  const folder = huskyFolder(found, hooksPath?.value);
  const elsewhere = hooksPath?.own && ![folder, `${folder}/_`].includes(hooksPath.value.replace(/\/$/, ''));
  if (elsewhere) {
    return {
      refused: `Git's core.hooksPath names ${hooksPath.value}, and husky would put its own folder there. Run \`git config --unset core.hooksPath\` first if that is what you want.`,
    };
  }
  const { writes, left } = planFolder(repository, folder);
  const manifest = await planPackage(found, folder, version);
  const on = hooksPath?.own === true;
  const missing = !installed.has('husky') || !installed.has('repolicy');
  return {
    manager: 'husky',
    writes: [...manifest, ...writes],
    ...((manifest.length > 0 || missing) && { install: installCommand(found.installer).split(' ') }),
    ...(!on && { husky: folder }),
    left: [...left, ...(on ? [] : silenced(repository, folder))],
  };
}

/** Where this repository keeps the hooks that husky runs: what Git says, else what the script says, else husky's default. */
function huskyFolder({ dir, fields }: Package, hooksPath: string | undefined): string {
  const running = /^(?!\/)(.+)\/_\/?$/.exec(hooksPath ?? '')?.[1];
  const scripts = [fields.scripts?.['prepare'], fields.scripts?.['postinstall']].join(' ');
  const written = /\bhusky(?: install)?(?: ([\w./-]+))?/.exec(scripts)?.[1];
  return running ?? written?.replace(/^\.\//, '').replace(/\/$/, '') ?? `${dir}.husky`;
}

async function planPackage(
  { dir, fields, text, installer }: Package,
  folder: string,
  version: string,
): Promise<Write[]> {
  const packages = Object.entries({ husky: HUSKY, repolicy: `^${version}` }).filter(
    ([name]) => !dependsOn(fields, name),
  );
  const name = installer === 'berry' ? 'postinstall' : 'prepare';
  const runs = /\bhusky\b/.test([fields.scripts?.['prepare'], fields.scripts?.['postinstall']].join(' '));
  const up = dir.replace(/[^/]+\//g, '../').replace(/\/$/, '');
  const husky = folder === '.husky' ? 'husky' : `husky ${/\s/.test(folder) ? `"${folder}"` : folder}`;
  const command = dir === '' ? husky : `cd ${up} && ${husky}`;
  if (packages.length === 0 && runs) return [];
  const additions: PackageAdditions = {
    packages: Object.fromEntries(packages),
    ...(!runs && { script: { name, command } }),
  };
  const added = packages.map(([name]) => name).join(' and ');
  const reasons = [
    ...(added ? [`adds ${added}`] : []),
    ...(runs ? [] : [`has \`${name}\` switch the hooks on in every clone`]),
  ];
  return [{ path: `${dir}package.json`, text: await addToPackage(text, additions), reason: reasons.join(', ') }];
}
