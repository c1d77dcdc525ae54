import type { Expression } from '../sql/expression.ts';
import type { Output } from '../sql/operation.ts';
import { entryOf, isTable, isView, resolve, type History } from './history.ts';
import type { FullName, Uses } from './objects.ts';

export const NO_USES: Uses = { relations: [], columns: [], functions: [] };

/** What an expression needs, as names stand for things now. `own`: the table whose columns it may name without saying so. */
export function usesOf(history: History, expressions: readonly (Expression | undefined)[], own?: FullName): Uses {
  const relations: FullName[] = [];
  const columns: { table: FullName; column: string }[] = [];
  const functions: Uses['functions'][number][] = [];
  for (const expression of expressions) {
    if (!expression) continue;
    const aliases = new Map<string, FullName>();
    const read: FullName[] = [];
    for (const { name, at } of expression.relations()) {
      const full = resolve(history, history.relations, name);
      if (!full) continue;
      read.push(full);
      aliases.set(aliasAt(expression, at[1]) ?? name.name, full);
    }
    relations.push(...read);
    const open = own ? [own, ...read] : read;
    for (const { table, column } of expression.columns()) {
      const owners = table === undefined ? open.filter((name) => mayHave(history, name, column)) : [aliases.get(table)];
      const [only] = owners;
      if (owners.length === 1 && only && hasColumn(history, only, column)) columns.push({ table: only, column });
      else if (table !== undefined && own && table === own.name && !only) columns.push({ table: own, column });
    }
    for (const { name } of expression.calls()) functions.push(resolve(history, history.routines, name) ?? name);
  }
  return { relations, columns, functions };
}

/** The alias that stands behind a relation in FROM. */
function aliasAt({ text, at }: Expression, end: number): string | undefined {
  const behind = text.slice(end - at[0], end - at[0] + 150);
  const [, quoted, plain] = /^\s+(?:as\s+)?(?:"([^"]+)"|([a-z_][\w$]*))/i.exec(behind) ?? [];
  if (quoted !== undefined) return quoted;
  const word = plain?.toLowerCase();
  return word === undefined || NO_ALIAS.has(word) ? undefined : word;
}

const NO_ALIAS: ReadonlySet<string> = new Set(
  (
    'where join inner left right full cross natural on using group order having limit offset union except intersect ' +
    'window for fetch tablesample set returning lateral'
  ).split(' '),
);

function columnNames(history: History, name: FullName): { readonly names: readonly string[]; readonly known: boolean } {
  const entry = entryOf(history, name);
  if (isTable(entry)) return { names: [...entry.columns.keys()], known: entry.columnsKnown };
  if (isView(entry)) return { names: entry.columns, known: entry.columnsKnown && !entry.columns.includes('') };
  return { names: [], known: false };
}

const hasColumn = (history: History, name: FullName, column: string): boolean =>
  columnNames(history, name).names.includes(column);

function mayHave(history: History, name: FullName, column: string): boolean {
  const { names, known } = columnNames(history, name);
  return !known || names.includes(column);
}

/** A column that a query gives, with its type where that can be told. */
export type Given = Pick<Output, 'name' | 'type'>;

/** The columns that a query gives, with its stars resolved where that can be done. */
export function outputsOf(
  history: History,
  query: Expression,
  outputs: readonly Output[],
): { readonly columns: readonly Given[]; readonly known: boolean } {
  const aliases = new Map<string, FullName>();
  const read: FullName[] = [];
  const unresolved = query.relations().some(({ name, at }) => {
    const full = resolve(history, history.relations, name);
    if (full) {
      read.push(full);
      aliases.set(aliasAt(query, at[1]) ?? name.name, full);
    }
    return !full;
  });
  const written = outputs.filter(({ name }) => name !== '*');
  const stars = query.columns().filter(({ column }) => column === '*');
  // A sub-select, a WITH query and a join that unites columns are more than names tell.
  const isPlain = !unresolved && !/\bwith\b|\bjoin\b.*\busing\b|\bnatural\b|\(\s*select\b/is.test(query.text);
  const ofStars = isPlain && stars.length === outputs.length - written.length;
  const ownerOf = (table: string | undefined): FullName | undefined =>
    table === undefined ? (read.length === 1 ? read[0] : undefined) : aliases.get(table);
  let known = outputs.length > 0 && (written.length === outputs.length || ofStars);
  let star = 0;
  const columns = outputs.flatMap((output): readonly Given[] => {
    const { name, column, type } = output;
    const from = ownerOf(name === '*' ? stars[star++]?.table : column?.table);
    const entry = from && isPlain ? entryOf(history, from) : undefined;
    if (name !== '*') {
      const passed = column && isTable(entry) ? entry.columns.get(column.column)?.type : undefined;
      return [{ name, type: type ?? passed }];
    }
    const found = from && ofStars ? columnNames(history, from) : undefined;
    known &&= found?.known ?? false;
    return (found?.names ?? []).map((own) => ({
      name: own,
      type: isTable(entry) ? entry.columns.get(own)?.type : undefined,
    }));
  });
  return { columns, known };
}

/** The columns of its own table that an expression reads; where not all are known, whatever it names. */
export const ownColumns = (
  expression: Expression | undefined,
  columns: ReadonlyMap<string, unknown>,
  known = true,
): string[] =>
  expression
    ? [...new Set(expression.columns().map(({ column }) => column))].filter((column) => !known || columns.has(column))
    : [];
