import type { Range } from '../../core/finding.ts';
import { bodyOf, type Body } from './body.ts';
import { earlierGuards, type EarlierGuards } from './earlier.ts';
import { once } from './expressions.ts';
import { SyntaxProblem, type Grammar } from './grammar.ts';
import { lex, STRING } from './lexer.ts';
import { maskText } from './mask.ts';
import { as } from './nodes.ts';
import type { Operation } from './operation.ts';
import { operationsOf } from './operations.ts';
import { parseStatements } from './parse.ts';
import { plpgsqlErrorAt } from './plpgsql-errors.ts';
import { readPlpgsql, type Inner } from './plpgsql.ts';
import { rangeOf, type Source } from './source.ts';
import type { Statement } from './statement.ts';
import { usesOf } from './uses.ts';

const NOTHING: Inner = { statements: [], unknown: [], errors: [] };

/** The statements in a body, read when somebody asks. */
export function innerOf(source: Source, operations: readonly Operation[], grammar: Grammar): () => Inner {
  const [operation] = operations;
  const isDo = operation?.kind === 'do';
  if (!isDo && operation?.kind !== 'create function' && operation?.kind !== 'create procedure') return () => NOTHING;
  return once((): Inner => {
    const bodies = sqlBody(source);
    if (bodies) return bodies;
    const literal = bodyLiteral(source, operation.bodyAt);
    if (!literal || operation.body === undefined) return NOTHING;
    const toFile = (unit: number): number => source.toFile(literal.start + unit);
    if (operation.language === 'sql') return readSqlBody(literal.body, toFile, grammar);
    if (operation.language !== 'plpgsql') {
      const unknown = isDo ? [{ at: operation.at, message: `a block in ${operation.language} is not read` }] : [];
      return { ...NOTHING, unknown };
    }
    const { tokens, first, end } = source;
    const from = tokens.starts[first]!;
    const written = tokens.text.slice(from, tokens.ends[end - 1]);
    const body = withoutTemplates(literal.body);
    const at = literal.start - from + literal.body.start;
    const statement =
      body === literal.body ? written : written.slice(0, at) + body.text + written.slice(at + body.text.length);
    try {
      return readPlpgsql(statement, body, toFile, grammar);
    } catch (error) {
      if (!(error instanceof SyntaxProblem)) throw error;
      const { message } = error;
      // Everything else that the compiler complains of may be right: it sees neither tables nor types.
      if (!SYNTAX.test(message)) return { ...NOTHING, unknown: [{ at: operation.at, message }] };
      const [a, b] = plpgsqlErrorAt(statement, body, literal.start - from, message, grammar);
      const place: Range = [toFile(body.toLiteral(a)), toFile(body.toLiteral(b))];
      return { ...NOTHING, errors: [{ at: place, message }] };
    }
  });
}

/** Templates of other tools stand in bodies too. In one that is written with escapes they are left alone. */
function withoutTemplates(body: Body): Body {
  if (!/\{\{|\$\{|\{%|<%/.test(body.text) || body.toLiteral(body.text.length) !== body.end) return body;
  return { ...body, text: maskText(lex(body.text), false) };
}

const SYNTAX = /^(?:syntax error|unexpected end |missing |mismatched |unterminated )/;

function readSqlBody(body: Body, literalToFile: (unit: number) => number, grammar: Grammar): Inner {
  const toFile = (unit: number): number => literalToFile(body.toLiteral(unit));
  const { sources, errors, unread } = parseStatements(lex(body.text), grammar, toFile);
  return {
    statements: sources.map((source) => ({ source, guards: [] })),
    unknown: unread.map(({ range, message }) => ({ at: range, message })),
    errors: errors.map(({ range, message }) => ({ at: range, message })),
  };
}

/** BEGIN ATOMIC ... END and RETURN: the parser has read them with the statement. */
function sqlBody(source: Source): Inner | undefined {
  const body = as(source.node, 'CreateFunctionStmt')?.sql_body;
  if (!body) return undefined;
  // A list of statements in a list of bodies; an empty body is an empty node.
  const items = as(body, 'List')?.items?.flatMap((node) => as(node, 'List')?.items ?? []) ?? [body];
  const statements = items.map((node) => ({ source: { ...source, node }, guards: [] }));
  return { ...NOTHING, statements };
}

function bodyLiteral(
  { tokens, first, end, toFile }: Source,
  at: Range | undefined,
): { readonly body: Body; readonly start: number } | undefined {
  for (let t = first; t < end && at; t++) {
    const start = tokens.starts[t]!;
    if (tokens.kinds[t] !== STRING || toFile(tokens.ends[t]!) < at[1]) continue;
    return { body: bodyOf(tokens.text.slice(start, tokens.ends[t])), start };
  }
  return undefined;
}

type Common = Pick<Statement, 'path' | 'index' | 'transaction' | 'section'>;

export function innerStatements(
  operations: readonly Operation[],
  inner: Inner,
  common: Common,
  around: EarlierGuards,
): readonly Statement[] {
  const within = operations[0]?.kind === 'do' ? 'do' : 'function';
  const earlier = earlierGuards(within === 'do' ? around : undefined);
  return inner.statements.map(({ source, guards }): Statement => {
    const own = operationsOf(source);
    const protecting = [...earlier.of(own), ...guards];
    earlier.add(own);
    return {
      within,
      range: rangeOf(source, source.first, source.end),
      text: source.tokens.text.slice(source.tokens.starts[source.first], source.tokens.ends[source.end - 1]),
      operations: own,
      guards: protecting,
      nested: () => [],
      uses: once(() => usesOf(source, own)),
      ...common,
    };
  });
}
