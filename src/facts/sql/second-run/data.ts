import { isSerial } from '../column.ts';
import type { Expression } from '../expression.ts';
import { sameName, type Name } from '../name.ts';
import type { Insert, Operation, Update } from '../operation.ts';
import { tableAt, type Past, type Step, type TablePast } from '../past.ts';
import { placesOf, wordsOf, type Words } from './words.ts';

/** Whether an INSERT or COPY adds its rows once more, or fails on them. `whole`: what runs up to the end of its file. */
export function addsRows({ operation, by }: Step, whole: Past): boolean {
  if (operation.kind === 'copy') return operation.direction === 'from';
  if (operation.kind !== 'insert') return false;
  const { onConflict, query, table } = operation;
  if (onConflict) {
    const known = onConflict.constraint === undefined ? tableAt(whole, table) : undefined;
    if (!known) return false;
    const { target, columns } = onConflict;
    return target ? columns.some((column) => isNewEachTime(operation, known, column)) : !hasKey(operation, known);
  }
  if (operation.source !== 'select' || !query) return true;
  // WITH moved AS (DELETE ...) INSERT ...: the statement itself takes away what it reads.
  if (by.operations.some(({ kind }) => kind === 'delete' || kind === 'update')) return false;
  // NOT EXISTS (SELECT ... FROM the same table), or a join with it that finds nothing.
  const looks = query.relations().some(({ name }) => sameName(name, table));
  return !(looks && /\bnot\s+exists\b|\bnot\s+in\b|\bexcept\b|\bis\s+null\b/i.test(query.text));
}

/** The tables whose past `addsRows` has to know. */
export const tablesWithConflicts = (steps: readonly Step[]): Name[] =>
  steps.flatMap(({ operation }) => (operation.kind === 'insert' && operation.onConflict ? [operation.table] : []));

/** The columns of a key whose values the INSERT gives, the primary key first; undefined where none is known. */
export function keyGivenBy(insert: Insert, past: Past): readonly string[] | undefined {
  const { constraints } = tableAt(past, insert.table) ?? { constraints: [] };
  const given = constraints
    .filter(({ kind, deferrable }) => (kind === 'primary key' || kind === 'unique') && !deferrable)
    .map(({ kind, columns }) => ({ kind, columns }))
    .filter(({ columns }) => columns.length > 0 && columns.every((column) => insert.columns.includes(column)));
  return (given.find(({ kind }) => kind === 'primary key') ?? given[0])?.columns;
}

/** The table has a key whose values the INSERT gives: the second time they conflict. One that is not wholly known may have. */
function hasKey(insert: Insert, table: TablePast): boolean {
  const { made, constraints, indexes } = table;
  if (made.like.length > 0 || made.inherits.length > 0 || made.ofType || made.partitionOf) return true;
  const keys = [
    ...constraints.filter(({ kind }) => KEYS.has(kind)).map(({ columns }) => columns),
    ...indexes.filter(({ unique }) => unique).map((index) => index.keys.map(({ column }) => column ?? '')),
  ];
  return keys.some((columns) => columns.every((column) => !isNewEachTime(insert, table, column)));
}

const KEYS: ReadonlySet<string> = new Set(['primary key', 'unique', 'exclude']);

/** A column that the INSERT leaves to a default which never gives the same value again. NULL conflicts with nothing. */
function isNewEachTime({ columns }: Insert, table: TablePast, name: string): boolean {
  const column = columns.length === 0 || columns.includes(name) ? undefined : table.columns.get(name);
  if (!column) return false;
  return column.identity !== undefined || isSerial(column.type) || !column.default || column.default.calls().length > 0;
}

const RANDOM: ReadonlySet<string> = new Set([
  'gen_random_bytes',
  'gen_random_uuid',
  'nextval',
  'random',
  'uuid_generate_v1',
  'uuid_generate_v4',
]);
const GROWING: ReadonlySet<string> = new Set(['array_append', 'array_cat', 'array_prepend', 'concat', 'concat_ws']);

/** The column that an UPDATE changes further each time it runs, or the function that a SELECT moves on. */
export function driftsBy(operation: Operation): string | undefined {
  if (operation.kind === 'select') return callsOf(operation.query).includes('nextval') ? 'nextval()' : undefined;
  if (operation.kind !== 'update') return undefined;
  // A condition on the old value is the guard.
  const tested = new Set(operation.where?.columns().map(({ column }) => column));
  return operation.sets.find(({ column, value }) => !tested.has(column) && drifts(operation, column, value))?.column;
}

function drifts({ sets, table }: Update, column: string, value: Expression): boolean {
  const calls = callsOf(value);
  if (calls.some((name) => RANDOM.has(name))) return true;
  const own = value.columns().filter((use) => use.table === undefined || use.table === table.name);
  const reads = new Set(own.map((use) => use.column));
  // SET a = b, b = a.
  const isSwapped = sets.some(
    (set) => set.column !== column && reads.has(set.column) && set.value.columns().some((use) => use.column === column),
  );
  if (isSwapped) return true;
  if (!reads.has(column) || value.relations().length > 0) return false;
  const words = wordsOf(value.text);
  if (words.nameAt(0) === 'not' || calls.some((name) => GROWING.has(name))) return true;
  return placesOf(words, column).some((place) => grows(words, place, /json/i.test(value.text)));
}

/** x + 1, 'a' || x. Taking a key out of JSON, or putting one in, settles. */
function grows(words: Words, place: number, isJson: boolean): boolean {
  const start = words.signAt(place - 1) === '.' ? place - 2 : place;
  const before = operatorAt(words, start - 1, -1);
  const after = operatorAt(words, place + 1, 1);
  if (before === '||' || after === '||') return !isJson;
  if (after === '-') return !words.isString(place + 2);
  return /^[-+*/]$/.test(before) || /^[+*/]$/.test(after);
}

/** The whole operator that stands there; '' where none does. */
function operatorAt({ signAt }: Words, place: number, step: 1 | -1): string {
  let operator = '';
  for (let t = place; /^[-+*/<>=~!@#%^&|?]$/.test(signAt(t)); t += step) {
    operator = step === 1 ? operator + signAt(t) : signAt(t) + operator;
  }
  return operator;
}

const TEXTS: ReadonlySet<string> = new Set(['bpchar', 'citext', 'text', 'varchar']);

/**
 * Whether ALTER COLUMN TYPE ... USING takes the column for what it was before: the second time it has the new type. A cast of the
 * column itself bears that, and so does what works on text where the new type is text.
 */
export function convertsTwice(operation: Operation): boolean {
  if (operation.kind !== 'alter column type' || !operation.using || operation.object === 'type') return false;
  const { using, type, column } = operation;
  if (TEXTS.has(type.name) && type.dimensions === 0) return false;
  const words = wordsOf(using.text);
  const places = placesOf(words, column);
  const isAlone = Array.from({ length: words.count }, (_, t) => t).every(
    (t) => places.includes(t) || /^[().]$/.test(words.signAt(t)) || words.signAt(t + 1) === '.',
  );
  return !isAlone && places.some((place) => !isIndifferent(words, place));
}

/** x::text, CAST(x AS text), x IS NULL, x AT TIME ZONE: what x is does not matter. */
function isIndifferent({ nameAt, signAt }: Words, place: number): boolean {
  let next = place + 1;
  while (signAt(next) === ')') next++;
  if (signAt(next) === ':' && signAt(next + 1) === ':') return true;
  return nameAt(next) === 'is' || nameAt(next) === 'at' || (nameAt(next) === 'as' && signAt(place - 1) === '(');
}

const callsOf = (expression: Expression): string[] => expression.calls().map(({ name }) => name.name);
