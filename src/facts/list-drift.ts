import type { ChangeSet } from '../core/change.ts';
import type { Draft, Location } from '../core/finding.ts';
import { matcher } from '../core/globs.ts';
import type { Notice } from '../core/notice.ts';
import { pageOf, writtenList, type WrittenEntry } from './written-lists.ts';

/** One list, wherever it stands. */
interface Listed {
  /** "docs/RULES.md#allowed-markdown", or words for a list of the policy. */
  readonly name: string;
  readonly templates: readonly string[];
  /** The place of an entry; of the list as a whole without one. */
  readonly at: (template?: string) => Location;
}

export interface Lists {
  readonly lists: readonly string[];
  readonly policy: boolean;
}

/**
 * Entries that match no file of head, and entries that one list has and another lacks. Asked where the change touches a
 * list, or takes files away that an entry may have been for; an audit touches everything.
 */
export async function* driftsOf(change: ChangeSet, { lists, policy }: Lists): AsyncIterable<Draft | Notice> {
  if (lists.length === 0) return;
  const { changes, head, policies } = change;
  const touched = new Set(changes.map(({ path }) => path));
  const allow = policy ? allowOf(change) : undefined;
  const listsTouched =
    lists.some((name) => touched.has(pageOf(name))) || policies?.head.files.some((file) => touched.has(file));
  const left = changes.flatMap(({ path, kind, from }) =>
    kind === 'deleted' ? [path] : from === undefined ? [] : [from],
  );
  if (!listsTouched && left.length === 0) return;

  const read: Listed[] = allow ? [{ name: 'the policy', templates: allow, at: () => ({}) }] : [];
  for (const name of lists) {
    const path = pageOf(name);
    const list = await writtenList(head, name);
    if (list.kind === 'unread') yield { ...list.notice, needed: true };
    else if (list.kind === 'broken')
      yield { message: `The list ${name} cannot be used: ${list.why}.`, at: {}, about: name };
    else {
      const place = (entry?: WrittenEntry): Location =>
        touched.has(path) ? { path, ...(entry && { range: entry.range }) } : {};
      const at = (template?: string) => place(list.entries.find((entry) => entry.template === template));
      read.push({ name, templates: list.templates, at });
    }
  }
  for (const { name, templates, at } of read)
    yield* unmatched(name, templates, at, listsTouched ? undefined : left, await head.paths());
  if (listsTouched) yield* disagreements(read);
}

/** `left`: only entries for paths that are gone count. A template stands for files to come, and so for none as well. */
async function* unmatched(
  name: string,
  templates: readonly string[],
  at: Listed['at'],
  left: readonly string[] | undefined,
  paths: readonly string[],
): AsyncIterable<Draft> {
  for (const template of templates) {
    if (/^!|\{\w+\}/.test(template)) continue;
    const matches = await matcher([template]);
    if (paths.some(matches) || (left && !left.some(matches))) continue;
    yield { message: `${template} of ${name} matches no file.`, at: at(template), about: template };
  }
}

function* disagreements(read: readonly Listed[]): Iterable<Draft> {
  for (const list of read) {
    for (const other of read) {
      for (const template of list.templates) {
        if (other.templates.includes(template)) continue;
        const message = `${template} stands in ${list.name} and not in ${other.name}.`;
        yield { message, at: list.at(template), about: `${template} not in ${other.name}` };
      }
    }
  }
}

function allowOf({ policies }: ChangeSet): readonly string[] | undefined {
  const root = policies?.head.layers.find(({ dir }) => dir === '');
  const options = root?.rules['docs/unlisted-file']?.options as { readonly allow?: readonly string[] } | undefined;
  return options?.allow;
}
