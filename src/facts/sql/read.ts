import type { Range } from '../../core/finding.ts';
import type { Notice } from '../../core/notice.ts';
import type { Layout } from '../layouts.ts';
import { innerOf, innerStatements } from './bodies.ts';
import { earlierGuards } from './earlier.ts';
import { once } from './expressions.ts';
import { loadGrammar } from './grammar.ts';
import { lex, type Tokens } from './lexer.ts';
import type { Operation } from './operation.ts';
import { operationsOf } from './operations.ts';
import { parseStatements, type SqlProblem } from './parse.ts';
import type { Inner } from './plpgsql.ts';
import { rangeOf } from './source.ts';
import type { Statement, Transaction } from './statement.ts';
import { transactionsOf, type Wrapping } from './transactions.ts';
import { usesOf } from './uses.ts';

/** What a file of SQL says. */
export interface SqlFile {
  readonly path: string;
  readonly text: string;
  /** In order, those of a way back included. */
  readonly statements: readonly Statement[];
  /** What PostgreSQL would refuse to read. */
  readonly errors: readonly SqlProblem[];
  /** The same inside the bodies of functions and DO blocks, which costs a reading of each. */
  readonly bodyErrors: () => readonly SqlProblem[];
  /** What could not be judged, and why. */
  readonly notices: readonly Notice[];
  readonly comments: readonly Range[];
  /** What its runner does around it, now that the file and what stands beside it have been asked. */
  readonly wrapping: Wrapping;
}

/** How a runner reads a file: the parts of a layout that matter here. */
export type Reading = Pick<Layout, 'transaction' | 'sections' | 'noTransaction'>;

/** Reads a file as PostgreSQL would; what cannot be read is among the errors and notices, never silence. */
export async function readSql(
  path: string,
  text: string,
  reading: Reading = { transaction: 'none' },
): Promise<SqlFile> {
  const grammar = await loadGrammar();
  if (!grammar) {
    const { readWithoutGrammar } = await import('./fallback.ts');
    return readWithoutGrammar(path, text, reading);
  }
  const tokens = lex(text);
  const { sources, errors, unread } = parseStatements(tokens, grammar);
  const drafts = sources.map((source) => ({
    source,
    range: rangeOf(source, source.first, source.end),
    operations: operationsOf(source),
  }));
  const sections = sectionsOf(
    text,
    drafts.map(({ range }) => range),
    reading,
  );
  const transactions = transactionsFor(
    text,
    drafts.map(({ operations }) => operations),
    sections,
    reading,
  );
  const notices: Notice[] = unread.map(({ message, range: [at] }) =>
    notJudged(path, `The statement on line ${text.slice(0, at).split('\n').length} cannot be read: ${message}`),
  );
  if (errors.length > 0) {
    notices.push(notJudged(path, `What does not parse is not judged: ${count(errors.length, 'statement')} of ${path}`));
  }

  const earlier = earlierGuards();
  const bodies: { readonly inner: () => Inner; readonly range: Range }[] = [];
  let checked = true;
  const statements = drafts.map(({ source, range, operations }, index): Statement => {
    const guards = earlier.of(operations);
    const common = { path, index, transaction: transactions[index]!, section: sections[index]! };
    const inner = innerOf(source, operations, grammar);
    const nested = once(() => innerStatements(operations, inner(), common, earlier));
    const [first] = operations;
    if (first?.kind === 'set' && first.setting === 'check_function_bodies')
      checked = !/^(?:false|off|0)$/i.test(first.value ?? '');
    if (first?.kind === 'do' || (checked && first?.kind.startsWith('create '))) bodies.push({ inner, range });
    if (first?.kind === 'do') {
      for (const { message } of [...inner().unknown, ...inner().errors])
        notices.push(notJudged(path, `Inside a DO block: ${message}`));
      for (const statement of nested()) earlier.add(statement.operations);
    }
    earlier.add(operations);
    return {
      range,
      text: text.slice(...range),
      operations,
      guards,
      nested,
      uses: once(() => usesOf(source, operations)),
      ...common,
    };
  });
  const bodyErrors = once(() =>
    bodies.flatMap(({ inner, range }) =>
      inner().errors.map(({ at, message }) => ({ range: at, within: range, message })),
    ),
  );
  return {
    path,
    text,
    statements,
    errors: [...nulOf(tokens), ...errors],
    bodyErrors,
    notices,
    comments: tokens.comments,
    wrapping: wrappingOf(text, reading),
  };
}

const count = (number: number, noun: string): string => `${number} ${noun}${number === 1 ? '' : 's'}`;

export const notJudged = (path: string, message: string): Notice => ({
  notice: 'not-judged',
  message: sentence(message),
  path,
});

const sentence = (text: string): string => (/[.!?]$/.test(text) ? text : `${text}.`);

/** PostgreSQL stops at NUL and never sees what follows. */
function nulOf({ nul }: Tokens): SqlProblem[] {
  if (nul === undefined) return [];
  const range: Range = [nul, nul + 1];
  return [{ range, within: range, message: 'invalid byte sequence for encoding "UTF8": 0x00' }];
}

/** In which section each statement stands: behind the last of the two markers before it. */
export function sectionsOf(
  text: string,
  ranges: readonly Range[],
  { sections }: Reading,
): readonly Statement['section'][] {
  const down = sections && marker(sections.down, text);
  if (!sections || down === undefined) return ranges.map(() => 'up');
  const up = marker(sections.up, text) ?? 0;
  return ranges.map(([start]) => (start > down && (start < up || up < down) ? 'down' : 'up'));
}

const marker = (pattern: RegExp, text: string): number | undefined => pattern.exec(text)?.index;

export const wrappingOf = (text: string, { transaction, noTransaction }: Reading): Wrapping =>
  noTransaction?.says?.test(text) ? noTransaction.leaves : transaction;

/** Each section is a run of its own. */
export function transactionsFor(
  text: string,
  operations: readonly (readonly Operation[])[],
  sections: readonly Statement['section'][],
  reading: Reading,
): readonly Transaction[] {
  const wrapping = wrappingOf(text, reading);
  const ups = operations.filter((_, i) => sections[i] === 'up');
  const up = transactionsOf(ups, wrapping);
  const last = up.at(-1)?.id ?? 0;
  const down = transactionsOf(
    operations.filter((_, i) => sections[i] === 'down'),
    wrapping,
  );
  let [u, d] = [0, 0];
  return sections.map((section) => (section === 'up' ? up[u++]! : { ...down[d]!, id: down[d++]!.id + last + 1 }));
}
