/** The text of rules/index.ts for these rule ids: sorted, one import and one line each. */
export function catalogueFile(ids: readonly string[]): string {
  const sorted = [...ids].sort();
  const name = (id: string) => id.replace(/[/-](\w)/g, (_, letter: string) => letter.toUpperCase());
  return [
    `import type { AnyRule } from '../src/core/rule.ts';`,
    ...sorted.map((id) => `import ${name(id)} from './${id}.ts';`),
    '',
    '/** The catalogue: every rule there is, in order of id. A test holds it to the folder. */',
    'export const rules: readonly AnyRule[] = [',
    ...sorted.map((id) => `  ${name(id)},`),
    '];',
    '',
  ].join('\n');
}

/** The rule ids that a catalogue file lists. */
export const listedIds = (text: string): string[] => [...text.matchAll(/from '\.\/([\w-]+\/[\w-]+)\.ts'/g)].map(([, id]) => id!);
