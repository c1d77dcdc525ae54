import * as z from 'zod';
import { presets } from '../../rules/presets.ts';
import { rules } from '../../rules/index.ts';
import { jsonSchema } from '../engine/policy/schema.ts';
import { familyPage } from '../report/page.ts';

/** Path to text of every file that is generated: a page for each family of rules, and the policy's JSON Schema. */
export async function documents(): Promise<Map<string, string>> {
  const files = new Map<string, string>();
  const families = new Set(rules.map(({ id }) => id.slice(0, id.indexOf('/'))));
  for (const family of families) {
    const members = rules.filter(({ id }) => id.startsWith(`${family}/`));
    files.set(`rules/${family}/README.md`, familyPage(members, z));
  }
  files.set('schema.json', `${JSON.stringify(await jsonSchema({ rules, presets }), null, 2)}\n`);
  return files;
}
