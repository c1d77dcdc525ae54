import type { Type } from '../column.ts';
import { printColumn, printName, sameName, type Name } from '../name.ts';
import type { Operation } from '../operation.ts';
import { tableAt, type Past, type Step } from '../past.ts';
import { placesOf, wordsOf, type Words } from './words.ts';
import type { Outcome } from './outcome.ts';

/** What gives a column another type, or takes a value from one. */
const RETYPES: ReadonlySet<string> = new Set(['alter column type', 'rename column', 'rename enum value']);

/** Tables whose past `unreadableLiterals` asks for, and the enums that the file changes. */
export function namesOfLiterals(steps: readonly Step[]): Name[] {
  if (!steps.some(({ operation }) => RETYPES.has(operation.kind))) return [];
  return steps.flatMap(({ operation }): Name[] => {
    switch (operation.kind) {
      case 'update':
      case 'delete':
        return [operation.table];
      case 'create type':
      case 'rename type':
      case 'drop type':
        return [operation.name];
      case 'alter column type':
        return [operation.type];
      case 'rename enum value':
        return operation.on ? [operation.on] : [];
      default:
        return [];
    }
  });
}

/**
 * Operations that compare a column with a text, or put one into it, that its type no longer reads once the file has run: the value
 * that an enum has lost, a word where a number stands now. `whole`: what runs up to the end of the file.
 */
export function unreadableLiterals(steps: readonly Step[], whole: Past): ReadonlyMap<Operation, Outcome> {
  const found = new Map<Operation, Outcome>();
  const change = steps.findLast(({ operation }) => RETYPES.has(operation.kind));
  if (!change) return found;
  const start = whole.end - steps.length;
  for (const [i, { operation, by }] of steps.entries()) {
    if (operation.kind !== 'update' && operation.kind !== 'delete') continue;
    // Whose column it is must be plain.
    if (
      operation.joined ||
      by.uses().some(({ object, name }) => object === 'relation' && !sameName(name, operation.table))
    )
      continue;
    for (const { column, literal } of comparisons(by.text)) {
      const after = typeOf(whole, operation.table, column);
      if (after === undefined || canRead(whole, after, literal)) continue;
      const then = { ...whole, end: start + i };
      const before = typeOf(then, operation.table, column);
      // What even the first run could not read, or nobody knows, is nothing to go by.
      if (before === undefined || !canRead(then, before, literal)) continue;
      // Other texts may be what nobody should read in a report.
      const isValue = literal.kind === 'text' && labelsOf(then, before)?.has(literal.text);
      const what = isValue
        ? `value ${literal.text} of type ${printName(before)}`
        : `the former type of column ${printColumn(operation.table, column)}`;
      found.set(operation, { kind: 'missing', what, later: retypeOf(steps, operation.table, column) ?? change.by });
      break;
    }
  }
  return found;
}

const typeOf = (past: Past, table: Name, column: string): Type | undefined =>
  tableAt(past, table)?.columns.get(column)?.type;

const retypeOf = (steps: readonly Step[], table: Name, column: string): Step['by'] | undefined =>
  steps.findLast(
    ({ operation }) =>
      operation.kind === 'alter column type' && operation.column === column && sameName(operation.table, table),
  )?.by;

/** TRUE or FALSE, or a text whose type what stands beside it decides. */
type Literal = { readonly kind: 'boolean' } | { readonly kind: 'text'; readonly text: string };

/** column = 'text', 'text' <> column, column IN ('a', 'b'), SET column = TRUE. */
function comparisons(sql: string): { readonly column: string; readonly literal: Literal }[] {
  const words = wordsOf(sql);
  const found: { column: string; literal: Literal }[] = [];
  for (let t = 0; t < words.count; t++) {
    const literal = literalAt(words, t);
    // A cast gives the text a type of its own.
    if (literal === undefined || words.signAt(t + 1) === ':') continue;
    const column = columnBeside(words, t);
    if (column !== undefined) found.push({ column, literal });
  }
  return found;
}

function literalAt({ textAt, nameAt }: Words, place: number): Literal | undefined {
  const text = textAt(place);
  if (text !== undefined) return { kind: 'text', text };
  return /^(?:true|false)$/.test(nameAt(place) ?? '') ? { kind: 'boolean' } : undefined;
}

function columnBeside(words: Words, literal: number): string | undefined {
  const { nameAt, signAt } = words;
  if (signAt(literal - 1) === '=' || signAt(literal - 1) === '>') {
    let t = literal - 1;
    while (/^[<>!=]$/.test(signAt(t))) t--;
    const operator = literal - 1 - t;
    const isEquation = operator === 1 ? signAt(literal - 1) === '=' : /^[<!]$/.test(signAt(literal - 2));
    return isEquation ? plainColumn(words, t) : undefined;
  }
  if (signAt(literal + 1) === '=') return plainColumn(words, literal + 2);
  // A list: back over 'a', 'b' to IN (.
  let t = literal - 1;
  while (signAt(t) === ',' && words.isString(t - 1)) t -= 2;
  if (signAt(t) !== '(' || nameAt(t - 1) !== 'in') return undefined;
  return plainColumn(words, nameAt(t - 2) === 'not' ? t - 3 : t - 2);
}

/** The column that ends or begins there, where it stands for itself. */
function plainColumn(words: Words, place: number): string | undefined {
  const name = words.nameAt(place);
  return name !== undefined && placesOf(words, name).includes(place) && words.signAt(place + 1) !== ':'
    ? name
    : undefined;
}

const WORDS = /^\s*(?:t|tr|tru|true|y|ye|yes|on|1|f|fa|fal|fals|false|n|no|of|off|0)\s*$/i;

const PLAIN: ReadonlySet<string> = new Set('int2 int4 int8 text varchar bpchar uuid json jsonb'.split(' '));

/** Whether a type reads a literal, as far as that is plain; true for types that are not known here. */
function canRead(past: Past, { schema, name, dimensions }: Type, literal: Literal): boolean {
  // An array is written in braces.
  if (dimensions > 0) return literal.kind === 'text' && /^\s*[{[]/.test(literal.text);
  if (literal.kind === 'boolean') return !PLAIN.has(name) && labelsOf(past, { schema, name }) === undefined;
  const { text } = literal;
  switch (name) {
    case 'int2':
    case 'int4':
    case 'int8':
      return /^\s*[-+]?\d+\s*$/.test(text) || /^\s*[-+]?0[xob]|_/i.test(text);
    case 'bool':
      return WORDS.test(text);
    case 'uuid':
      return /^\{?(?:[0-9a-f]{4}-?){8}\}?$/i.test(text);
    case 'json':
    case 'jsonb':
      return isJson(text);
    default:
      return labelsOf(past, { schema, name })?.has(text) ?? true;
  }
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** The values of the enum that was made last under this name, wherever its name has gone since; undefined where none was. */
function labelsOf({ steps, end }: Past, type: Name): ReadonlySet<string> | undefined {
  const past = steps.slice(0, end);
  const born = past.findLastIndex(
    ({ operation }) => operation.kind === 'create type' && operation.form === 'enum' && sameName(operation.name, type),
  );
  const made = past[born]?.operation;
  if (made?.kind !== 'create type') return undefined;
  const labels = new Set(made.values);
  let name = made.name;
  for (const { operation } of past.slice(born + 1)) {
    if (operation.kind === 'add enum value' && sameName(operation.type, name)) labels.add(operation.value);
    else if (operation.kind === 'rename enum value' && operation.on && sameName(operation.on, name)) {
      labels.delete(operation.name.name);
      labels.add(operation.to);
    } else if (operation.kind === 'rename type' && sameName(operation.name, name))
      name = { ...name, name: operation.to };
  }
  return labels;
}
