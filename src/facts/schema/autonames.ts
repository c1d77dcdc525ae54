import type { Expression } from '../sql/expression.ts';
import type { IndexKey } from '../sql/operation.ts';
import { keyOf, type History } from './history.ts';
import type { Table } from './objects.ts';

// How PostgreSQL names what nobody names: makeObjectName(), ChooseRelationName(), ChooseConstraintName().

/** Bytes of a name that PostgreSQL keeps. */
const LIMIT = 63;

const ENCODER = new TextEncoder();
const bytes = (text: string): number => ENCODER.encode(text).length;

/** The longest start of a text that fits, whole characters only. */
function clip(text: string, limit: number): string {
  if (text.length * 4 <= limit || bytes(text) <= limit) return text;
  let clipped = '';
  let size = 0;
  for (const character of text) {
    size += bytes(character);
    if (size > limit) break;
    clipped += character;
  }
  return clipped;
}

/** A name as PostgreSQL stores it. */
export const stored = (name: string): string => clip(name, LIMIT);

function join(first: string, second: string, label: string): string {
  const room = LIMIT - bytes(label) - 1 - (second === '' ? 0 : 1);
  let a = bytes(first);
  let b = bytes(second);
  // The longer of the two gives way.
  while (a + b > room) {
    if (a > b) a--;
    else b--;
  }
  return [clip(first, a), ...(second === '' ? [] : [clip(second, b)]), label].join('_');
}

function choose(first: string, second: string, label: string, taken: (name: string) => boolean): string {
  let name = join(first, second, label);
  for (let i = 1; taken(name); i++) name = join(first, second, `${label}${i}`);
  return name;
}

const isConstraintName = ({ constraintNames }: History, schema: string, name: string): boolean =>
  (constraintNames.get(keyOf({ schema, name })) ?? 0) > 0;

const isRelationName = (history: History, schema: string, name: string): boolean =>
  history.relations.now.has(keyOf({ schema, name }));

/** The sequence of a serial or an identity. */
export const sequenceName = (history: History, { schema, name }: Table['name'], column: string): string =>
  choose(name, column, 'seq', (candidate) => isRelationName(history, schema, candidate));

/** A check, by the one column that it reads; several columns or none leave it to the table. */
export const checkName = (history: History, { schema, name }: Table['name'], columns: readonly string[]): string =>
  choose(name, columns.length === 1 ? columns[0]! : '', 'check', (candidate) =>
    isConstraintName(history, schema, candidate),
  );

export const foreignKeyName = (history: History, { schema, name }: Table['name'], columns: readonly string[]): string =>
  choose(name, addition(columns), 'fkey', (candidate) => isConstraintName(history, schema, candidate));

/** An index, whether or not a constraint stands on it. */
export function indexName(
  history: History,
  { schema, name }: Table['name'],
  label: 'pkey' | 'key' | 'excl' | 'idx',
  columns: readonly string[],
): string {
  return choose(
    name,
    label === 'pkey' ? '' : addition(columns),
    label,
    (candidate) =>
      isRelationName(history, schema, candidate) || (label !== 'idx' && isConstraintName(history, schema, candidate)),
  );
}

function addition(columns: readonly string[]): string {
  let joined = '';
  for (const column of columns) {
    joined += (joined === '' ? '' : '_') + column;
    if (bytes(joined) > LIMIT) break;
  }
  return stored(joined);
}

/** What PostgreSQL calls the columns of an index; they differ from each other. */
export function indexColumnNames(keys: readonly IndexKey[], include: readonly string[]): string[] {
  const names: string[] = [];
  const own = [
    ...keys.map(({ column, expression }) => column ?? (expression && expressionName(expression)) ?? 'expr'),
    ...include,
  ];
  for (const wanted of own) {
    let name = wanted;
    for (let i = 1; names.includes(name); i++) name = `${clip(wanted, LIMIT - String(i).length)}${i}`;
    names.push(name);
  }
  return names;
}

const INTERNAL: ReadonlyMap<string, string> = new Map([
  ['int', 'int4'],
  ['integer', 'int4'],
  ['bigint', 'int8'],
  ['smallint', 'int2'],
  ['boolean', 'bool'],
  ['decimal', 'numeric'],
  ['real', 'float4'],
]);

/** FigureColname(): the outermost function, or the column or type of a cast. */
function expressionName({ text }: Expression): string | undefined {
  let inner = text.trim();
  while (inner.startsWith('(') && closing(inner, 0) === inner.length - 1) inner = inner.slice(1, -1).trim();
  const call = /^(?:"?[a-z_][\w$]*"?\.)*("[^"]+"|[a-z_][\w$]*)\s*\(/i.exec(inner);
  if (call && closing(inner, call[0].length - 1) === inner.length - 1) {
    const [, name = ''] = call;
    const word = name.startsWith('"') ? name.slice(1, -1) : name.toLowerCase();
    return word === 'cast' ? undefined : word;
  }
  const cast = /^([^]*)::\s*(?:[a-z_]\w*\.)?"?([a-z_]\w*)"?(?:\s*\([\d, ]*\))?(?:\[\])*$/i.exec(inner);
  // In a || b::text the cast is not the outermost part.
  if (cast && isOnePart(cast[1]!.trim())) {
    const [, what = '', type = ''] = cast;
    const column = /^\(*\s*(?:"([^"]+)"|([a-z_]\w*))\s*\)*$/i.exec(what.trim());
    const named = column ? (column[1] ?? column[2]?.toLowerCase()) : expressionName({ text: what } as Expression);
    return named ?? INTERNAL.get(type.toLowerCase()) ?? type.toLowerCase();
  }
  return /^case\b/i.test(inner) ? 'case' : undefined;
}

/** A name, a call, something in brackets or a cast of these. */
function isOnePart(text: string): boolean {
  const open = /^(?:"[^"]+"|[a-z_][\w$]*)?(?:\.(?:"[^"]+"|[a-z_][\w$]*))*\s*/i.exec(text)![0].length;
  const end = text[open] === '(' ? closing(text, open) + 1 : open;
  return end > 0 && /^(?:::\s*[\w". ]+(?:\([\d, ]*\))?(?:\[\])*)*$/.test(text.slice(end).trim());
}

/** Where the bracket at `open` closes. */
function closing(text: string, open: number): number {
  let depth = 0;
  let quote = '';
  for (let i = open; i < text.length; i++) {
    const character = text[i]!;
    if (quote !== '') {
      if (character === quote) quote = '';
    } else if (character === "'" || character === '"') quote = character;
    else if (character === '(') depth++;
    else if (character === ')' && --depth === 0) return i;
  }
  return -1;
}
