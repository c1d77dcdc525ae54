import { formatOf, readConfiguration } from './configuration.ts';
import { mayImport, readLiterals, type Literal } from './imports.ts';
import type { Snapshot } from '../core/snapshot.ts';
import { follow, readPointer, type Node } from './pointers.ts';

/** The texts that a program or a configuration file holds as values; undefined for a file in another language. */
export async function valuesIn(path: string, text: string): Promise<readonly Literal[] | undefined> {
  if (mayImport(path)) return readLiterals(path, text);
  const format = formatOf(path);
  // Of a script the whole is one value, comments and all.
  if (!format || format === 'shell') return undefined;
  const read = await readConfiguration(format, text);
  return 'problem' in read ? undefined : read.documents.flatMap((document) => leaves(document, 0));
}

function leaves(node: Node, depth: number): readonly Literal[] {
  // A YAML alias may stand inside what it names.
  if (depth > 40) return [];
  const children = node.children();
  if (children.length > 0) return children.flatMap((child) => leaves(child, depth + 1));
  return typeof node.value === 'string' ? [{ value: node.value, range: node.range }] : [];
}

const SHORTEST = 4;

/** The text at one place of a configuration file, where it is long enough to be told from others. */
export async function settledValue(snapshot: Snapshot, file: string, at: string): Promise<string | undefined> {
  const text = await snapshot.read(file);
  const format = formatOf(file);
  const steps = readPointer(at);
  if (text === undefined || !format || typeof steps === 'string') return undefined;
  const read = await readConfiguration(format, text);
  const values = 'problem' in read ? [] : read.documents.flatMap((document) => follow(document, steps));
  const found = values.map(({ value }) => value).find((value) => typeof value === 'string');
  return found !== undefined && found.length >= SHORTEST ? found : undefined;
}
