import type { Range } from '../core/finding.ts';
import { readConfiguration } from './configuration.ts';
import type { DEPENDENCY_LISTS } from './imports.ts';
import { follow } from './pointers.ts';

/** A package that package.json asks for. */
export interface Declaration {
  readonly list: (typeof DEPENDENCY_LISTS)[number];
  /** The names it stands for: its own, and that of the package behind an alias ("npm:react@18"). */
  readonly names: readonly string[];
  readonly range: Range;
}

export const isManifest = (path: string): boolean => /(?:^|\/)package\.json$/.test(path);

/** What some lists of a package.json ask for; nothing where it is not JSON, which whoever installs it will be told. */
export async function declaredIn(text: string, lists: readonly Declaration['list'][]): Promise<readonly Declaration[]> {
  const read = await readConfiguration('json', text);
  if ('problem' in read) return [];
  return lists.flatMap((list) =>
    read.documents
      .flatMap((document) => follow(document, [list]))
      .flatMap((node) =>
        Object.entries(node.value ?? {}).flatMap(([key, value]: [string, unknown]) => {
          // A list of names ("bundledDependencies"), or a table of versions.
          const name = Array.isArray(node.value) ? String(value) : key.replace(/(?<=.)@[^/]*$/, '');
          const [, alias] = /^npm:((?:@[^/@]+\/)?[^@]+)/.exec(typeof value === 'string' ? value : '') ?? [];
          return node.child(key).map(({ range }) => ({ list, names: [name, ...(alias ? [alias] : [])], range }));
        }),
      ),
  );
}
