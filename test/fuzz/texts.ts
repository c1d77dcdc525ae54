import fc from 'fast-check';
import { rules as all } from '../../rules/index.ts';
import { isNotice } from '../../src/core/notice.ts';
import type { Files } from '../../src/core/rule.ts';
import { judge, type Terms } from '../../src/engine/judge.ts';
import { readPolicy } from '../../src/engine/policy/resolve.ts';
import { loadGrammar, SyntaxProblem } from '../../src/facts/sql/grammar.ts';
import { lex } from '../../src/facts/sql/lexer.ts';
import { maskText } from '../../src/facts/sql/mask.ts';
import { readSql } from '../../src/facts/sql/read.ts';
import type { Statement } from '../../src/facts/sql/statement.ts';
import { memoryChangeSet } from '../../src/repo/memory.ts';

/** What reading a text came to. */
export interface Reading {
  /** As PostgreSQL's parser counts them; those that it refuses count once each. */
  readonly statements: number;
  readonly refused: number;
}

/** Reads a text and everything that can be asked of it. Throws where a place lies outside of it, or PostgreSQL counts otherwise. */
export async function readThrough(text: string): Promise<Reading> {
  const { statements, errors, bodyErrors, notices } = await readSql('x.sql', text, { transaction: 'implicit' });
  for (const statement of statements) askAll(statement, text);
  for (const { range } of [...errors, ...bodyErrors()]) holds(range, text);
  for (const { message } of notices) if (message.includes('undefined')) throw new Error(message);
  return counted(text, statements.length);
}

function askAll(statement: Statement, text: string): void {
  holds(statement.range, text);
  for (const operation of statement.operations) holds(operation.at, text);
  for (const { at } of statement.uses()) holds(at, text);
  for (const inner of statement.nested()) askAll(inner, text);
}

function holds([start, end]: readonly [number, number], text: string): void {
  if (!(start >= 0 && start <= end && end <= text.length)) throw new Error(`${start}-${end} lies outside the text`);
}

/** The lexer's count against the parser's: of the whole text where that parses, else of each statement by itself. */
async function counted(text: string, read: number): Promise<Reading> {
  const grammar = (await loadGrammar())!;
  const tokens = lex(text);
  const plain = maskText(tokens, false);
  const count = (sql: string): number | undefined => {
    try {
      return grammar.parse(sql).filter(({ stmt }) => stmt).length;
    } catch (error) {
      if (error instanceof SyntaxProblem) return undefined;
      throw error;
    }
  };
  const found = tokens.statements.length;
  // PostgreSQL's white space; JavaScript has more.
  const whole = /^[ \t\r\n\f\v]*$/.test(plain) ? 0 : count(plain);
  if (whole !== undefined) {
    if (whole !== found || whole !== read) throw new Error(`${whole} statements, and ${found} and ${read} were found`);
    return { statements: whole, refused: 0 };
  }
  let refused = 0;
  for (const [first, end] of tokens.statements) {
    const own = count(plain.slice(tokens.starts[first], tokens.ends[end - 1]));
    if (own === undefined) refused++;
    else if (own !== 1) throw new Error(`${own} statements in what was taken for one`);
  }
  return { statements: found, refused };
}

/** What opens, closes and hides SQL, and what no SQL is. */
const SHARDS = ["'", '"', '$$', '$a$', '--', '/*', '*/', '\n', '\r\n', ';', '(', ')', '[', ']', '\\', '\\g', ':x', '{{', '}}', '${x}', 'E\'', "U&'", 'é', '🙂', '\ufeff', '\0', '.', ',', '::', ' begin ', ' end ', ' begin atomic ', ' case ', ' if ', ' then ', ' do $$ begin ', 'copy t from stdin;\n', '\\.\n', '--> statement-breakpoint', '-- migrate:down\n', ' exception when others then ', ' not null ', ' default ', '((((((((', '9'.repeat(400)]; // prettier-ignore

/** Damaged copies: stretches of the texts, cut out, doubled, run together, with shards in between. */
export const damaged = (texts: readonly string[], longest = 1500): fc.Arbitrary<string> =>
  fc
    .array(
      fc.oneof(
        { weight: 4, arbitrary: fc.tuple(fc.constantFrom(...texts), fc.nat(), fc.nat(longest)) },
        { weight: 2, arbitrary: fc.constantFrom(...SHARDS) },
      ),
      { minLength: 1, maxLength: 8 },
    )
    .map((parts) =>
      parts
        .map((part) => {
          if (typeof part === 'string') return part;
          const [text, from, length] = part;
          const start = from % Math.max(text.length, 1);
          return text.slice(start, start + length);
        })
        .join(''),
    );

/** Every rule about SQL and migrations, at work on files that run one after the other. Throws where a rule does. */
export async function judgeTogether(texts: readonly string[]): Promise<number> {
  const files: Files = Object.fromEntries(
    texts.map((text, i) => [`migrations/${String(i + 1).padStart(4, '0')}_x.sql`, text]),
  );
  const { findings } = await judge(memoryChangeSet(files), await (terms ??= allRules()));
  const failure = findings.find((finding) => finding.failure);
  if (failure) throw new Error(`${failure.rule}: ${failure.message}`);
  for (const { at } of findings) if (at.range) holds(at.range, texts[Number(/\d+/.exec(at.path!)![0]) - 1]!);
  return findings.length;
}

const catalogue = { rules: all, presets: {} };
let terms: Promise<Terms> | undefined;

async function allRules(): Promise<Terms> {
  const own = all.filter(({ id }) => /^(?:sql|migrations|security|schema)\//.test(id));
  const rules = Object.fromEntries(own.map(({ id }) => [id, 'warning']));
  const text = JSON.stringify({ migrations: [{ layout: 'plain', dir: 'migrations' }], rules });
  const result = await readPolicy(memoryChangeSet({ 'repolicy.jsonc': text }).head, catalogue);
  if (!result || !('ok' in result)) throw new Error(JSON.stringify(result?.problems));
  return { catalogue, policy: result.ok, allow: false };
}

/** The SQL of every rule's examples. */
export const exampleTexts = (): readonly string[] =>
  all.flatMap(({ examples }) =>
    [...examples.bad, ...examples.good].flatMap(({ head }) =>
      Object.entries(head).flatMap(([path, text]) =>
        typeof text === 'string' && /\.sql»?$/.test(path) && text.trim() !== '' ? [text.replace(/[«»]/g, '')] : [],
      ),
    ),
  );
