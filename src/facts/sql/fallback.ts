import type { Range } from '../../core/finding.ts';
import type { Notice } from '../../core/notice.ts';
import { once } from './expressions.ts';
import { earlierGuards } from './earlier.ts';
import { lex } from './lexer.ts';
import { maskText } from './mask.ts';
import { operationsOf } from './operations.ts';
import { sectionsOf, transactionsFor, wrappingOf, type Reading, type SqlFile } from './read.ts';
import { rangeOf, type Source } from './source.ts';
import type { Statement } from './statement.ts';
import { translate } from './translate.ts';
import { usesOf } from './uses.ts';

/**
 * Reads a file where WebAssembly, and with it PostgreSQL's grammar, is missing. The parser in its place knows fewer kinds of
 * statements: what it cannot read is a notice, never an error and never a pass.
 */
export async function readWithoutGrammar(path: string, text: string, reading: Reading): Promise<SqlFile> {
  const { parse } = await import('pgsql-ast-parser');
  const tokens = lex(text);
  const plain = maskText(tokens, true);
  const notices: Notice[] = [];
  const degraded = (range: Range, why: string): void => {
    const line = text.slice(0, range[0]).split('\n').length;
    const message = `Without WebAssembly the statement on line ${line} of ${path} is not judged: ${why}.`;
    notices.push({ notice: 'degraded', message, path, needed: true });
  };
  const sources = tokens.statements.flatMap(([first, end]): Source[] => {
    const start = tokens.starts[first]!;
    const range: Range = [start, tokens.ends[end - 1]!];
    try {
      const [statement] = parse(plain.slice(...range), { locationTracking: true });
      const node = statement && translate(statement);
      const place = (unit: number | undefined): number => start + (unit ?? 0);
      if (node) return [{ tokens, first, end, node, place, toFile: (unit) => unit }];
      degraded(range, 'its kind is not known');
    } catch {
      degraded(range, 'it cannot be parsed');
    }
    return [];
  });

  const operations = sources.map(operationsOf);
  const ranges = sources.map((source) => rangeOf(source, source.first, source.end));
  const sections = sectionsOf(text, ranges, reading);
  const transactions = transactionsFor(text, operations, sections, reading);
  const earlier = earlierGuards();
  const statements = sources.map((source, index): Statement => {
    const own = operations[index]!;
    const guards = earlier.of(own);
    earlier.add(own);
    if (own[0]?.kind === 'do') degraded(ranges[index]!, 'the inside of a DO block cannot be read');
    return {
      path,
      index,
      range: ranges[index]!,
      text: text.slice(...ranges[index]!),
      operations: own,
      transaction: transactions[index]!,
      section: sections[index]!,
      guards,
      nested: () => [],
      uses: once(() => usesOf(source, own)),
    };
  });
  return {
    path,
    text,
    statements,
    errors: [],
    bodyErrors: () => [],
    notices,
    comments: tokens.comments,
    wrapping: wrappingOf(text, reading),
  };
}
