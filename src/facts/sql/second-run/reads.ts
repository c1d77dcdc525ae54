import type { Range } from '../../../core/finding.ts';
import type { Expression } from '../expression.ts';
import type { Name } from '../name.ts';
import type { Statement, Use } from '../statement.ts';
import { column, relation, type Ref } from './refs.ts';
import { wordsOf } from './words.ts';

/** For each column that an expression or query names, those that it may be: of the relations in sight. '*' is all of them. */
export function columnsOfExpression(expression: Expression, table?: Name): readonly (readonly Ref[])[] {
  const seen = expression.relations().map(({ name, at }) => ({ name, alias: aliasBehind(expression, at) }));
  const inSight = table ? [...seen, { name: table, alias: undefined }] : seen;
  return expression.columns().map(({ table: written, column: name }) => {
    const candidates = inSight.filter((r) => written === undefined || (r.alias ?? r.name.name) === written);
    return candidates.map((r) => column(relation(r.name), name));
  });
}

// What may stand behind a relation in FROM and is no alias.
const NO_ALIAS =
  /^(?:where|on|using|join|inner|left|right|full|cross|natural|group|order|having|limit|offset|union|except|intersect|for|set|returning|window|fetch|tablesample|with|values|select|default)$/;

function aliasBehind({ text, at }: Expression, place: Range): string | undefined {
  const { nameAt, count } = wordsOf(text.slice(place[1] - at[0], place[1] - at[0] + 200));
  const alias = nameAt(0) === 'as' ? nameAt(1) : nameAt(0);
  return count === 0 || alias === undefined || NO_ALIAS.test(alias) ? undefined : alias;
}

/**
 * The columns that a statement may mean where it writes one of these names: those of the relations that it uses, by the alias or
 * name before the dot. Read from its text, since queries inside queries are no operations.
 */
export function columnsRead(
  { text }: Statement,
  uses: readonly Use[],
  names: ReadonlySet<string>,
): readonly (readonly Ref[])[] {
  if (names.size === 0) return [];
  const { nameAt, signAt, count } = wordsOf(text);
  const written: number[] = [];
  for (let t = 0; t < count; t++) {
    // A function, an alias, or what a dot follows is no column.
    const isColumn = signAt(t + 1) !== '(' && signAt(t + 1) !== '.' && nameAt(t - 1) !== 'as';
    if (isColumn && names.has(nameAt(t) ?? '')) written.push(t);
  }
  if (written.length === 0) return [];
  const relations = uses.flatMap(({ object, name }) => (object === 'relation' ? [{ name, called: [name.name] }] : []));
  for (let t = 0; t < count; t++) {
    const known = signAt(t + 1) === '.' ? undefined : relations.find(({ name }) => name.name === nameAt(t));
    const alias = known && (nameAt(t + 1) === 'as' ? nameAt(t + 2) : nameAt(t + 1));
    if (alias !== undefined && !NO_ALIAS.test(alias)) known?.called.push(alias);
  }
  return written.map((t) => {
    const qualifier = signAt(t - 1) === '.' ? nameAt(t - 2) : undefined;
    const candidates = relations.filter(({ called }) => qualifier === undefined || called.includes(qualifier));
    return candidates.map(({ name }) => column(relation(name), nameAt(t)!));
  });
}
