import type { Node } from 'libpg-query';
import type { Range } from '../../core/finding.ts';
import type { Body } from './body.ts';
import { constantText } from './constant-text.ts';
import { conditionOf, mentioned, opposite, output, type Condition } from './conditions.ts';
import { SyntaxProblem, type Grammar } from './grammar.ts';
import type { Guard } from './guards.ts';
import { lex } from './lexer.ts';
import { as, kindOf } from './nodes.ts';
import { placesOf } from './places.ts';
import { compile } from './plpgsql-errors.ts';
import { findQuery, tokenFrom } from './plpgsql-search.ts';
import type { Source } from './source.ts';

/** What stands in a body: statements with what protects them, and what cannot be followed. */
export interface Inner {
  readonly statements: readonly { readonly source: Source; readonly guards: readonly Guard[] }[];
  /** EXECUTE of what only a run would know, and statements that cannot be read. */
  readonly unknown: readonly { readonly at: Range; readonly message: string }[];
  /** What PostgreSQL refuses when it reads the body, which it does when the function is created. */
  readonly errors: readonly { readonly at: Range; readonly message: string }[];
}

/** Fields of libpg_query's JSON for PL/pgSQL that are read here. */
type Tree = Readonly<Record<string, unknown>>;

/**
 * The SQL inside one CREATE FUNCTION, CREATE PROCEDURE or DO in PL/pgSQL.
 * The compiler keeps the text of each query and the number of its line, no more; queries are therefore looked for in the body,
 * one behind the other.
 */
export function readPlpgsql(
  statement: string,
  body: Body,
  literalToFile: (unit: number) => number,
  grammar: Grammar,
): Inner {
  const tokens = lex(body.text);
  const toFile = (unit: number): number => literalToFile(body.toLiteral(unit));
  const statements: { source: Source; guards: readonly Guard[] }[] = [];
  const unknown: { at: Range; message: string }[] = [];
  const known = new Map<string, Condition>();
  let cursor = 0;

  const lineRange = (line: number): Range => {
    let start = 0;
    for (let i = 1; i < line; i++) start = body.text.indexOf('\n', start) + 1 || start;
    const end = body.text.indexOf('\n', start);
    const text = body.text.slice(start, end < 0 ? undefined : end);
    const from = start + text.length - text.trimStart().length;
    return [toFile(from), toFile(from + text.trim().length)];
  };

  /** Finds a query in the body and reads it; `prefix` makes an expression a query. */
  const read = (query: string, line: number): { readonly source: Source; readonly node: Node } | undefined => {
    const found = findQuery(tokens, query, cursor);
    if (found) cursor = found.end;
    let nodes: readonly Node[];
    try {
      nodes = grammar.parse(query).flatMap(({ stmt }) => (stmt ? [stmt] : []));
    } catch (error) {
      const at: Range = found ? [toFile(found.start), toFile(found.end)] : lineRange(line);
      unknown.push({ at, message: error instanceof SyntaxProblem ? error.message : 'the statement cannot be read' });
      return undefined;
    }
    const node = nodes[0];
    if (!node) return undefined;
    const { fromByte } = placesOf(query);
    if (found) {
      const place = (byte: number | undefined): number => found.start + (byte ? fromByte(byte) + found.shift : 0);
      return { node, source: { tokens, first: found.first, end: found.last, node, place, toFile } };
    }
    // Not in the body as the compiler keeps it: its own text, and the line for every place.
    const own = lex(query);
    const at = lineRange(line);
    const half = query.length / 2;
    const source: Source = {
      tokens: own,
      first: 0,
      end: own.count,
      node,
      place: (byte) => fromByte(byte ?? 0),
      toFile: (unit) => (unit <= half ? at[0] : at[1]),
    };
    return { node, source };
  };

  /** A condition or value: PostgreSQL reads it as the only column of a SELECT. */
  const value = (expr: unknown): Node | undefined => {
    const query = queryOf(expr);
    if (query === undefined) return undefined;
    const found = findQuery(tokens, query, cursor);
    if (found) cursor = found.end;
    try {
      const stmt = grammar.parse(`SELECT ${query}`)[0]?.stmt;
      const targets = as(stmt, 'SelectStmt')?.targetList;
      // "x FROM t" and the like are queries without their SELECT.
      return targets?.length === 1 && !as(stmt, 'SelectStmt')?.fromClause ? as(targets[0], 'ResTarget')?.val : stmt;
    } catch {
      return undefined;
    }
  };

  const test = (condition: Condition, at: Range): Guard => ({ kind: 'test', ...condition, at });

  const each = (list: unknown, guards: readonly Guard[]): void => {
    let around = guards;
    for (const item of Array.isArray(list) ? (list as Tree[]) : []) {
      const kind = kindOf(item as Node);
      const after = one(kind, (item as Record<string, Tree>)[kind] ?? {}, around);
      if (after) around = [...around, after];
    }
  };

  /** Reads one statement; gives the guard that holds for all that follow it (after IF ... THEN RETURN). */
  const one = (kind: string, stmt: Tree, guards: readonly Guard[]): Guard | undefined => {
    const line = Number(stmt['lineno'] ?? 1);
    switch (kind) {
      case 'PLpgSQL_stmt_block': {
        const handlers = handlersOf(stmt['exceptions'], lineRange(line));
        each(stmt['body'], [...guards, ...handlers.guards]);
        for (const action of handlers.actions) each(action, guards);
        return undefined;
      }
      case 'PLpgSQL_stmt_if': {
        const first = branch(stmt['cond']);
        each(stmt['then_body'], [...guards, test(first, lineRange(line))]);
        let rest: Guard[] = [test(opposite(first), lineRange(line))];
        for (const item of (stmt['elsif_list'] as Tree[] | undefined) ?? []) {
          const elsif = (item['PLpgSQL_if_elsif'] ?? {}) as Tree;
          const at = lineRange(Number(elsif['lineno'] ?? line));
          const condition = branch(elsif['cond']);
          each(elsif['stmts'], [...guards, ...rest, test(condition, at)]);
          rest = [...rest, test(opposite(condition), at)];
        }
        each(stmt['else_body'], [...guards, ...rest]);
        return leaves(stmt['then_body']) && !stmt['else_body'] && !stmt['elsif_list'] ? rest[0] : undefined;
      }
      case 'PLpgSQL_stmt_case': {
        value(stmt['t_expr']);
        const unsure = test({ expects: 'unknown', catalogues: [], names: [] }, lineRange(line));
        for (const item of (stmt['case_when_list'] as Tree[] | undefined) ?? []) {
          const when = (item['PLpgSQL_case_when'] ?? {}) as Tree;
          value(when['expr']);
          each(when['stmts'], [...guards, unsure]);
        }
        each(stmt['else_stmts'], [...guards, unsure]);
        return undefined;
      }
      case 'PLpgSQL_stmt_fors':
      case 'PLpgSQL_stmt_dynfors': {
        const query = queryOf(stmt['query']);
        if (kind === 'PLpgSQL_stmt_dynfors') execute(stmt['query'], line, guards);
        const got = kind === 'PLpgSQL_stmt_fors' && query !== undefined ? read(query, line) : undefined;
        if (got) statements.push({ source: got.source, guards });
        const rows = got ? mentioned(got.node, known) : { catalogues: [], names: [] };
        const over: Guard[] =
          rows.catalogues.length > 0 ? [test({ ...rows, expects: 'present' }, lineRange(line))] : [];
        each(stmt['body'], [...guards, ...over]);
        return undefined;
      }
      case 'PLpgSQL_stmt_execsql':
      case 'PLpgSQL_stmt_perform':
      case 'PLpgSQL_stmt_call':
      case 'PLpgSQL_stmt_return_query': {
        const query = queryOf(stmt['sqlstmt'] ?? stmt['expr'] ?? stmt['query']);
        if (query === undefined) {
          if (stmt['dynquery']) execute(stmt['dynquery'], line, guards);
          return undefined;
        }
        const got = read(query, line);
        if (!got) return undefined;
        statements.push({ source: got.source, guards });
        const learned: Condition = { ...mentioned(got.node, known), expects: output(got.node, known) };
        known.set('found', { ...learned, expects: 'present' });
        for (const name of targets(stmt['target'])) known.set(name, learned);
        return undefined;
      }
      case 'PLpgSQL_stmt_assign': {
        const query = queryOf(stmt['expr']) ?? '';
        const [, name = '', assigned = ''] = /^\s*([\w."]+)\s*:?=\s*([^]*)$/.exec(query) ?? [];
        const node = value({ PLpgSQL_expr: { query: assigned } });
        if (node) known.set(name.toLowerCase(), conditionOf(node, known));
        return undefined;
      }
      case 'PLpgSQL_stmt_dynexecute':
        execute(stmt['query'], line, guards);
        return undefined;
      case 'PLpgSQL_stmt_commit':
      case 'PLpgSQL_stmt_rollback': {
        const word = kind.slice('PLpgSQL_stmt_'.length);
        let t = tokenFrom(tokens, cursor);
        while (t < tokens.count && body.text.slice(tokens.starts[t], tokens.ends[t]).toLowerCase() !== word) t++;
        const got = read(t < tokens.count ? body.text.slice(tokens.starts[t], tokens.ends[t]) : word, line);
        if (got) statements.push({ source: got.source, guards });
        return undefined;
      }
      default:
        // Loops without a query of their own.
        value(stmt['cond']);
        each(stmt['body'], guards);
        return undefined;
    }
  };

  const branch = (cond: unknown): Condition => {
    const node = value(cond);
    return node ? conditionOf(node, known) : { expects: 'unknown', catalogues: [], names: [] };
  };

  /** EXECUTE: SQL where its text is constant, else something that only a run would tell. */
  const execute = (expr: unknown, line: number, guards: readonly Guard[]): void => {
    const node = value(expr);
    const sql = node && constantText(node);
    const at = lineRange(line);
    if (sql === undefined) {
      unknown.push({ at, message: 'EXECUTE runs a text that is put together while it runs' });
      return;
    }
    const own = lex(sql);
    for (const [first, end] of own.statements) {
      const text = sql.slice(own.starts[first], own.ends[end - 1]);
      try {
        const stmt = grammar.parse(text)[0]?.stmt;
        const { fromByte } = placesOf(text);
        const offset = own.starts[first]!;
        // Where the literal stands as it is, its words have places; elsewhere the line has to do.
        const inBody = body.text.lastIndexOf(sql, cursor);
        const toFileOf = (unit: number): number =>
          inBody >= 0 ? toFile(inBody + unit) : unit <= sql.length / 2 ? at[0] : at[1];
        if (stmt) {
          const place = (byte: number | undefined): number => offset + fromByte(byte ?? 0);
          statements.push({ source: { tokens: own, first, end, node: stmt, place, toFile: toFileOf }, guards });
        }
      } catch (error) {
        unknown.push({ at, message: error instanceof SyntaxProblem ? error.message : 'the statement cannot be read' });
      }
    }
  };

  const functions = compile(statement, grammar) as Tree[];
  for (const item of functions) each([(item['PLpgSQL_function'] as Tree | undefined)?.['action']], []);
  return { statements, unknown, errors: [] };
}

const queryOf = (expr: unknown): string | undefined =>
  ((expr as Tree | undefined)?.['PLpgSQL_expr'] as { readonly query?: string } | undefined)?.query;

/** Handlers of a block: what they catch, unless they raise again, and what they do. */
function handlersOf(
  exceptions: unknown,
  at: Range,
): { readonly guards: Guard[]; readonly actions: readonly unknown[] } {
  const list = ((exceptions as Tree | undefined)?.['PLpgSQL_exception_block'] as Tree | undefined)?.['exc_list'];
  const guards: Guard[] = [];
  const actions: unknown[] = [];
  for (const item of (list as Tree[] | undefined) ?? []) {
    const handler = (item['PLpgSQL_exception'] ?? {}) as Tree;
    const action = (handler['action'] as Tree[] | undefined) ?? [];
    actions.push(action);
    const conditions = ((handler['conditions'] as Tree[] | undefined) ?? []).map((condition) =>
      String((condition['PLpgSQL_condition'] as Tree | undefined)?.['condname'] ?? '').toLowerCase(),
    );
    if (!action.some(raises)) guards.push({ kind: 'handler', conditions, at });
  }
  return { guards, actions };
}

// PostgreSQL's ERROR.
const ERROR = 21;

const raises = (stmt: Tree): boolean =>
  Number((stmt['PLpgSQL_stmt_raise'] as Tree | undefined)?.['elog_level'] ?? 0) >= ERROR;

/** Whether a branch ends the block: RETURN or RAISE EXCEPTION. */
function leaves(list: unknown): boolean {
  const last = Array.isArray(list) ? (list.at(-1) as Tree | undefined) : undefined;
  return last !== undefined && ('PLpgSQL_stmt_return' in last || raises(last));
}

/** Names of the variables that INTO fills. */
function targets(target: unknown): string[] {
  const row = (target as Tree | undefined)?.['PLpgSQL_row'] as Tree | undefined;
  const rec = (target as Tree | undefined)?.['PLpgSQL_rec'] as Tree | undefined;
  const fields = (row?.['fields'] as { readonly name?: string }[] | undefined) ?? [];
  const names = fields.flatMap(({ name }) => (name === undefined ? [] : [name]));
  return rec ? [String(rec['refname'] ?? '')] : names;
}
