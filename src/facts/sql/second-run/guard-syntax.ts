import type { Range } from '../../../core/finding.ts';
import { lex } from '../lexer.ts';
import type { SqlError } from '../statements.ts';
import { wordsOf, type Words } from './words.ts';

/** A guard that somebody wrote where PostgreSQL's grammar has none. */
export interface GuardSyntax {
  /** In SQL's words: "CREATE POLICY", "ADD CONSTRAINT". */
  readonly what: string;
  readonly guard: Guard;
  readonly at: Range;
  /** What PostgreSQL has in its place; undefined where that is not to be written by a machine. */
  readonly way: Way | undefined;
}

type Guard = 'IF NOT EXISTS' | 'IF EXISTS' | 'OR REPLACE';

export type Way =
  /** The guard goes, and this text, if any, comes in at a place of the file. */
  | { readonly kind: 'insert'; readonly at: number; readonly text: string }
  /** The guard goes, and a statement comes before this one. */
  | { readonly kind: 'before'; readonly sql: string }
  /** The guard goes, and a DO block that ignores these conditions comes around the statement. */
  | { readonly kind: 'ignore'; readonly conditions: readonly string[] };

/** Kinds of object by the guard that CREATE has for them; words between CREATE and the kind belong to it. */
const IF_NOT_EXISTS =
  /^(?:(?:(?:temp|temporary|unlogged|foreign) )?table|(?:unique )?index|schema|sequence|extension|materialized view|statistics|collation|server|user mapping)$/;
const OR_REPLACE =
  /^(?:function|procedure|aggregate|(?:(?:temp|temporary|recursive) )?view|rule|trigger|transform|language)$/;
const NEITHER =
  /^(?:policy|(?:constraint|event) trigger|type|domain|role|user|group|publication|cast|operator(?: class| family)?|foreign data wrapper|access method|conversion|text search (?:configuration|dictionary|parser|template))$/;

/** A statement in tokens, and where they stand in the file. */
interface Statement extends Words {
  readonly start: (token: number) => number;
  readonly end: (token: number) => number;
  readonly textOf: (first: number, last: number) => string;
}

interface Found {
  readonly what: string;
  readonly way: Way | undefined;
}

/** The guard that a syntax error stumbles over: its words are refused, or what follows OR REPLACE and an IF NOT EXISTS too many. */
export function unsupportedGuard(text: string, { range, within }: SqlError): GuardSyntax | undefined {
  const sql = text.slice(...within);
  const { starts, ends } = lex(sql);
  const words = wordsOf(sql);
  const statement: Statement = {
    ...words,
    start: (token) => within[0] + (starts[token] ?? sql.length),
    end: (token) => within[0] + (ends[token] ?? sql.length),
    textOf: (first, last) => sql.slice(starts[first], ends[last]),
  };
  let here = 0;
  while (here < words.count && statement.end(here) <= range[0]) here++;
  for (let t = Math.max(here - 3, 0); t <= here; t++) {
    const guard = guardAt(words, t);
    const past = t + (guard?.split(' ').length ?? 0);
    if (!guard || here > past) continue;
    const found =
      words.nameAt(0) === 'create'
        ? creation(statement, t, guard)
        : here < past
          ? alteration(statement, t, guard)
          : undefined;
    if (found) return { ...found, guard, at: [statement.start(t), statement.end(past - 1)] };
  }
  return undefined;
}

function guardAt({ nameAt }: Words, t: number): Guard | undefined {
  const next = `${nameAt(t)} ${nameAt(t + 1)}`;
  if (next === 'or replace') return 'OR REPLACE';
  if (next === 'if exists') return 'IF EXISTS';
  return next === 'if not' && nameAt(t + 2) === 'exists' ? 'IF NOT EXISTS' : undefined;
}

function creation(statement: Statement, t: number, guard: Guard): Found | undefined {
  const { nameAt, start } = statement;
  const from = nameAt(1) === 'or' ? 3 : 1;
  const phrase = (length: number): string => Array.from({ length }, (_, i) => nameAt(from + i) ?? '').join(' ');
  const kind = [4, 3, 2, 1]
    .map(phrase)
    .find((words) => IF_NOT_EXISTS.test(words) || OR_REPLACE.test(words) || NEITHER.test(words));
  if (kind === undefined) return undefined;
  const what = `CREATE ${kind.toUpperCase()}`;
  let next = from + kind.split(' ').length;
  if (nameAt(next) === 'concurrently') next++;
  if (guard === 'OR REPLACE') {
    if (OR_REPLACE.test(kind)) return undefined;
    if (NEITHER.test(kind)) return { what, way: wayOf(statement, kind, next) };
    const isGuarded = nameAt(next) === 'if' || nameAt(next) === 'on';
    return { what, way: isGuarded ? undefined : { kind: 'insert', at: start(next), text: 'IF NOT EXISTS ' } };
  }
  if (guard !== 'IF NOT EXISTS' || t !== next) return undefined;
  // Only what has a name can be there already.
  if (IF_NOT_EXISTS.test(kind))
    return nameAt(t + 3) === 'on' ? { what: `${what} without a name`, way: undefined } : undefined;
  if (NEITHER.test(kind)) return { what, way: wayOf(statement, kind, t + 3) };
  return { what, way: { kind: 'insert', at: start(1), text: from === 3 ? '' : 'OR REPLACE ' } };
}

/** For what has neither: a policy and a trigger are dropped first, the rest is made in a block. */
function wayOf(statement: Statement, kind: string, name: number): Way {
  if (kind === 'policy' || kind === 'constraint trigger') {
    let on = name + 1;
    while (on < statement.count && statement.nameAt(on) !== 'on') on++;
    const object = kind === 'policy' ? 'POLICY' : 'TRIGGER';
    return {
      kind: 'before',
      sql: `DROP ${object} IF EXISTS ${statement.textOf(name, name)} ON ${qualified(statement, on + 1)}`,
    };
  }
  if (kind === 'operator') return { kind: 'ignore', conditions: ['duplicate_function'] };
  return {
    kind: 'ignore',
    conditions: ['duplicate_object', ...(kind.startsWith('text search') ? ['unique_violation'] : [])],
  };
}

/** A name with its schema. */
function qualified({ signAt, textOf }: Statement, first: number): string {
  let last = first;
  while (signAt(last + 1) === '.') last += 2;
  return textOf(first, last);
}

function alteration(statement: Statement, t: number, guard: Guard): Found | undefined {
  const { nameAt, start, textOf } = statement;
  const before = `${nameAt(t - 2)} ${nameAt(t - 1)}`;
  if (guard === 'IF NOT EXISTS' && before === 'add constraint') {
    const drop = `DROP CONSTRAINT IF EXISTS ${textOf(t + 3, t + 3)}`;
    const way: Way =
      nameAt(1) === 'domain'
        ? { kind: 'before', sql: `ALTER DOMAIN ${qualified(statement, 2)} ${drop}` }
        : { kind: 'insert', at: start(t - 2), text: `${drop}, ` };
    return { what: 'ADD CONSTRAINT', way };
  }
  if (guard === 'IF NOT EXISTS') return before === 'add table' ? { what: 'ADD TABLE', way: undefined } : undefined;
  if (/^rename (?:column|constraint|attribute|value)$/.test(before))
    return { what: before.toUpperCase(), way: undefined };
  if (nameAt(t - 1) === 'rename') return { what: 'RENAME', way: undefined };
  // These bear a second run as they are.
  const isHarmless = before === 'drop default' || (nameAt(t - 3) === 'drop' && before === 'not null');
  return isHarmless
    ? {
        what: before === 'not null' ? 'DROP NOT NULL' : 'DROP DEFAULT',
        way: { kind: 'insert', at: start(t), text: '' },
      }
    : undefined;
}
