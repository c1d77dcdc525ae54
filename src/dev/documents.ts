import { readFileSync } from 'node:fs';
import * as z from 'zod';
import { presets } from '../../rules/presets.ts';
import { rules } from '../../rules/index.ts';
import { jsonSchema } from '../engine/policy/schema.ts';
import { LAYOUTS } from '../facts/layouts.ts';
import { familyPage } from '../report/page.ts';

/** Path to text of every file that is generated: a page for each family of rules, README's list of them, and the policy's JSON Schema. */
export async function documents(): Promise<Map<string, string>> {
  const files = new Map<string, string>();
  const families = [...new Set(rules.map(({ id }) => id.slice(0, id.indexOf('/'))))];
  const members = (family: string) => rules.filter(({ id }) => id.startsWith(`${family}/`));
  for (const family of families) files.set(`rules/${family}/README.md`, familyPage(members(family), z));
  files.set('README.md', withList(families.map((family) => [family, members(family).map(({ id }) => id)])));
  const layouts = LAYOUTS.map(({ name }) => name);
  files.set('schema.json', `${JSON.stringify(await jsonSchema({ rules, presets }, layouts), null, 2)}\n`);
  return files;
}

function withList(families: readonly (readonly [family: string, ids: readonly string[]])[]): string {
  const rows = families.map(([family, ids]) => {
    const names = ids.map((id) => `\`${id.slice(family.length + 1)}\``).join(' ');
    return `| [${family}](rules/${family}/README.md) | ${ids.length} | ${names} |`;
  });
  const table = ['| family | rules | |', '| --- | --- | --- |', ...rows].join('\n');
  return readFileSync('README.md', 'utf8').replace(/(<!-- rules -->\n)[^]*(<!-- \/rules -->)/, `$1\n${table}\n\n$2`);
}
