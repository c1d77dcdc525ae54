import type { TableRow } from 'mdast';
import { globProblem, matcher } from '../core/globs.ts';
import type { Notice } from '../core/notice.ts';
import type { Declared } from '../core/policy.ts';
import type { Snapshot } from '../core/snapshot.ts';
import { unread } from './files.ts';
import { identitiesNamed } from './identities.ts';
import { markdownPage, nodesOf, rangeOf, sectionAt, textOf } from './markdown.ts';
import type { OwnerReader } from './owners.ts';
import { pageOf } from './written-lists.ts';

/** Who owns what by a table in a document, or why that cannot be had. */
export type OwnershipTable =
  | { readonly kind: 'table'; readonly ownerOf: OwnerReader }
  | { readonly kind: 'broken'; readonly why: string }
  | { readonly kind: 'unread'; readonly notice: Notice };

/**
 * The first table under a heading, named as "docs/RULES.md#folders". Each row names paths in backticks ("`app/`" is a whole
 * folder) and declared identities, by name, handle or address, in whichever order. Any one of a row's identities owns its paths.
 */
export async function ownershipTable(
  snapshot: Snapshot,
  reference: string,
  declared: Declared,
): Promise<OwnershipTable> {
  const path = pageOf(reference);
  const anchor = reference.slice(path.length + 1);
  const broken = (why: string): OwnershipTable => ({ kind: 'broken', why });
  const page = await markdownPage(snapshot, path);
  if (page.kind === 'unread') return broken(page.why);
  if (page.kind === 'no-text') {
    if (page.content.kind === 'absent') return broken('there is no such file');
    return page.content.kind === 'unreadable'
      ? { kind: 'unread', notice: unread(path, page.content) }
      : broken('it is not text');
  }
  const section = sectionAt(page.root, anchor);
  if (!section) return broken(`it has no heading #${anchor}`);
  const table = section.content.find((node) => node.type === 'table');
  if (!table) return broken(`there is no table under its heading #${anchor}`);
  const rows: { readonly owners: readonly string[]; readonly owns: (path: string) => boolean }[] = [];
  for (const row of table.children.slice(1)) {
    const { owners, globs } = readRow(row, declared);
    const line = page.text.slice(0, rangeOf(row)[0]).split('\n').length;
    if (globs.length === 0) return broken(`its line ${line} names no path in backticks`);
    if (owners.length === 0) return broken(`its line ${line} names no declared identity`);
    for (const glob of globs) {
      const problem = globProblem(glob);
      if (problem) return broken(`"${glob.slice(0, 100)}" in line ${line} ${problem}`);
    }
    rows.push({ owners, owns: await matcher(globs) });
  }
  if (rows.length === 0) return broken('its table is empty');
  const ownerOf: OwnerReader = (one) => {
    const names = rows.filter(({ owns }) => owns(one)).flatMap(({ owners }) => owners);
    return names.length === 0 ? undefined : { names, written: [...new Set(names)].join(' or ') };
  };
  return { kind: 'table', ownerOf };
}

function readRow(row: TableRow, declared: Declared): { owners: string[]; globs: string[] } {
  const owners: string[] = [];
  const globs: string[] = [];
  for (const cell of row.children) {
    const codes = [...nodesOf(cell)].filter((node) => node.type === 'inlineCode').map(({ value }) => value);
    const words = codes.length > 0 ? codes : textOf(cell).split(/[\s,;&]+/);
    for (const word of words) {
      const named = identitiesNamed(declared, word);
      if (named.length > 0) owners.push(...named);
      else if (codes.length > 0) globs.push(word.endsWith('/') ? `${word}**` : word);
    }
  }
  return { owners, globs };
}
