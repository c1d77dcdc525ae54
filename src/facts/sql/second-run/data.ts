import { isSerial } from '../column.ts';
import type { Expression } from '../expression.ts';
import { sameName } from '../name.ts';
import type { Insert, Operation, Update } from '../operation.ts';
import { tableAt, type Step, type TablePast } from '../past.ts';

/** Whether an INSERT or COPY adds its rows once more, or fails on them. `whole`: what runs up to the end of its file. */
export function addsRows(operation: Operation, whole: readonly Step[]): boolean {
  if (operation.kind === 'copy') return operation.direction === 'from';
  if (operation.kind !== 'insert') return false;
  const { onConflict, query, table } = operation;
  if (onConflict) {
    const known = tableAt(whole, table);
    if (!known) return false;
    if (onConflict.target && onConflict.constraint !== undefined) return false;
    return onConflict.target ? onConflict.columns.some((column) => isNewEachTime(operation, known, column)) : !hasKey(operation, known);
  }
  if (operation.source !== 'select' || !query) return true;
  // NOT EXISTS (SELECT ... FROM the same table), or a join with it that finds nothing.
  const looks = query.relations().some(({ name }) => sameName(name, table));
  return !(looks && /\bnot\s+exists\b|\bnot\s+in\b|\bexcept\b|\bis\s+null\b/i.test(query.text));
}

/** The columns of a key whose values the INSERT gives, primary key first; undefined where none is known. */
export function keyGivenBy(insert: Insert, past: readonly Step[]): readonly string[] | undefined {
  const { constraints } = tableAt(past, insert.table) ?? { constraints: [] };
  const keys = constraints.filter(({ kind, deferrable }) => (kind === 'primary key' || kind === 'unique') && !deferrable);
  const given = (columns: readonly string[]): boolean => columns.length > 0 && columns.every((column) => insert.columns.includes(column));
  return keys.sort((a, b) => a.kind.localeCompare(b.kind)).find(({ columns }) => given(columns))?.columns;
}

/** The table has a key whose values the INSERT gives: the second time they conflict. A table that is not wholly known may have one. */
function hasKey(insert: Insert, table: TablePast): boolean {
  const { made, constraints, indexes } = table;
  if (made.like.length > 0 || made.inherits.length > 0 || made.ofType || made.partitionOf) return true;
  const keys = [
    ...constraints.filter(({ kind }) => kind === 'primary key' || kind === 'unique' || kind === 'exclude').map(({ columns }) => columns),
    ...indexes.filter(({ unique }) => unique).map(({ keys }) => keys.map(({ column }) => column ?? '')),
  ];
  return keys.some((columns) => columns.every((column) => !isNewEachTime(insert, table, column)));
}

/** A column that the INSERT leaves to a default which never gives the same value again. */
function isNewEachTime({ columns }: Insert, table: TablePast, name: string): boolean {
  if (columns.length === 0 || columns.includes(name)) return false;
  const column = table.columns.get(name);
  // NULL conflicts with nothing.
  return column !== undefined && (column.identity !== undefined || isSerial(column.type) || !column.default || column.default.calls().length > 0);
}

/** What an UPDATE or SELECT changes further each time it runs, in words: "column users.visits". */
export function driftsBy(operation: Operation): string | undefined {
  if (operation.kind === 'select') return callsOf(operation.query).includes('nextval') ? 'nextval()' : undefined;
  if (operation.kind !== 'update') return undefined;
  // A condition on the old value is the guard.
  const tested = operation.where?.columns().map(({ column }) => column) ?? [];
  return operation.sets.find(({ column, value }) => !tested.includes(column) && drifts(operation, column, value))?.column;
}

const GROWING: ReadonlySet<string> = new Set(['array_append', 'array_prepend', 'array_cat', 'concat', 'concat_ws']);
const RANDOM: ReadonlySet<string> = new Set(['random', 'gen_random_uuid', 'uuid_generate_v4', 'gen_random_bytes', 'uuid_generate_v1', 'nextval']);

function drifts({ sets, table }: Update, column: string, value: Expression): boolean {
  const calls = callsOf(value);
  if (calls.some((name) => RANDOM.has(name))) return true;
  const own = value.columns().filter((use) => use.table === undefined || use.table === table.name);
  const isSwapped = own.some(
    (use) => use.column !== column && sets.some((set) => set.column === use.column && set.value.columns().some((other) => other.column === column)),
  );
  // SET a = b, b = a.
  if (isSwapped) return true;
  if (!own.some((use) => use.column === column) || value.relations().length > 0) return false;
  const text = value.text.replace(/'(?:[^']|'')*'/g, "''").trim();
  return calls.some((name) => GROWING.has(name)) || /^not\b/i.test(text) || grows(text, column);
}

/** The column itself with an operator beside it: x + 1, 'a' || x. Taking a key out of JSON, or putting one in, settles. */
function grows(text: string, column: string): boolean {
  const name = `"?${column.replace(/\W/g, '\\$&')}"?`;
  const after = new RegExp(`(?:^|[\\s(.])${name}\\s*\\)?\\s*([-+*/]|\\|\\|)(?!>)\\s*('')?`, 'i').exec(text);
  const before = new RegExp(`([-+*/]|\\|\\|)\\s*\\(?\\s*(?:\\w+\\.)?${name}(?:$|[\\s)])`, 'i').exec(text);
  const [operator, literal] = after ? [after[1], after[2]] : [before?.[1], undefined];
  if (operator === undefined) return false;
  return operator === '||' ? !/json/i.test(text) : operator !== '-' || literal === undefined;
}

const callsOf = (expression: Expression): string[] => expression.calls().map(({ name }) => name.name);
