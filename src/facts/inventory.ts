import type { Snapshot } from '../core/snapshot.ts';
import { formatOf, readConfiguration } from './configuration.ts';
import { nodesOf, readMarkdown } from './markdown.ts';
import type { Node } from './pointers.ts';

/**
 * The names that a document lists, in capitals: of Markdown every word that its reader sees, code included and comments
 * left out; of JSON, YAML, TOML and .env every key and every text. Undefined where there is no such document.
 */
export async function namesListed(snapshot: Snapshot, path: string): Promise<ReadonlySet<string> | undefined> {
  const text = await snapshot.read(path);
  if (text === undefined) return undefined;
  const format = formatOf(path);
  const said = format ? await saidIn(format, text) : /\.(?:md|mdx|markdown)$/i.test(path) ? await seenIn(text) : [text];
  return new Set(said.flatMap((part) => part.toUpperCase().match(/[A-Z_][A-Z0-9_-]*/g) ?? []));
}

async function saidIn(format: NonNullable<ReturnType<typeof formatOf>>, text: string): Promise<readonly string[]> {
  const read = await readConfiguration(format, text);
  if ('problem' in read) return [];
  const words = (node: Node, depth: number): readonly string[] =>
    depth > 40
      ? []
      : typeof node.value === 'string'
        ? [node.value]
        : [...keysOf(node), ...node.children().flatMap((child) => words(child, depth + 1))];
  return read.documents.flatMap((document) => words(document, 0));
}

const keysOf = ({ value }: Node): readonly string[] =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? Object.keys(value) : [];

async function seenIn(text: string): Promise<readonly string[]> {
  const page = await readMarkdown(text);
  if (page.kind === 'unread') return [];
  return [...nodesOf(page.root)].flatMap((node) => ('value' in node && node.type !== 'html' ? [node.value] : []));
}
