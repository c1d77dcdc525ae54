import type * as yaml from 'yaml';

/** What is added at the end of which list or map. */
export interface Insertion {
  readonly at: readonly string[];
  readonly add: object;
}

/**
 * A YAML file with lines added, and every line that was there still as it was: a printed document would lose its form.
 * Undefined where there is no block of lines to add to.
 */
export async function insertIntoYaml(
  text: string,
  choose: (has: (path: readonly string[]) => boolean) => Insertion | undefined,
): Promise<string | undefined> {
  const { isCollection, parseDocument, stringify } = await import('yaml');
  const document = parseDocument(text);
  if (document.errors.length > 0) return undefined;
  const insertion = choose((path) => document.hasIn(path));
  if (!insertion) return text;
  const added = stringify(insertion.add, { lineWidth: 0 });
  if (document.contents === null) return insertion.at.length === 0 ? `${endLine(text)}${added}` : undefined;
  const node = insertion.at.length === 0 ? document.contents : document.getIn(insertion.at, true);
  if (!isCollection(node) || node.flow || !node.range || node.items.length === 0) return undefined;
  const column = node.range[0] - (text.lastIndexOf('\n', node.range[0] - 1) + 1);
  const end = endOf(text, lastRange(node.items.at(-1)));
  return `${endLine(text.slice(0, end))}${added.replace(/^(?=.)/gm, ' '.repeat(column))}${text.slice(end)}`;
}

/** Where the lines of a list's or a map's last entry end. */
function endOf(text: string, after: number): number {
  if (text[after - 1] === '\n') return after;
  const newline = text.indexOf('\n', after);
  return newline < 0 ? text.length : newline + 1;
}

function lastRange(item: unknown): number {
  const { key, value } = item as { readonly key?: yaml.Node | null; readonly value?: yaml.Node | null };
  const node = key === undefined ? (item as yaml.Node) : (value ?? key);
  return node?.range?.[1] ?? 0;
}

const endLine = (text: string): string => (text === '' || text.endsWith('\n') ? text : `${text}\n`);
