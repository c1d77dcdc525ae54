import { lex, QUOTED, SIGN, STRING, WORD } from '../lexer.ts';

/** A stretch of SQL, token by token. Places outside of it have nothing. */
export interface Words {
  readonly count: number;
  /** A name as PostgreSQL folds it; keywords are names too. */
  readonly nameAt: (token: number) => string | undefined;
  /** One character of an operator, a bracket, a comma, a dot. */
  readonly signAt: (token: number) => string;
  readonly isString: (token: number) => boolean;
  /** What a plain 'text' says. */
  readonly textAt: (token: number) => string | undefined;
}

export function wordsOf(sql: string): Words {
  const { text, kinds, starts, ends, count } = lex(sql);
  const is = (token: number, kind: number): boolean => token >= 0 && token < count && kinds[token] === kind;
  return {
    count,
    nameAt: (token) => {
      const written = text.slice(starts[token], ends[token]);
      if (is(token, WORD)) return written.toLowerCase();
      return is(token, QUOTED) ? written.slice(1, -1).replaceAll('""', '"') : undefined;
    },
    signAt: (token) => (is(token, SIGN) ? text[starts[token]!]! : ''),
    isString: (token) => is(token, STRING),
    textAt: (token) => {
      const written = is(token, STRING) ? text.slice(starts[token], ends[token]) : '';
      return /^'.*'$/s.test(written) ? written.slice(1, -1).replaceAll("''", "'") : undefined;
    },
  };
}

/** Where a column stands, alone or behind its table's name. */
export function placesOf({ count, nameAt, signAt }: Words, column: string): readonly number[] {
  const found: number[] = [];
  for (let t = 0; t < count; t++) {
    if (nameAt(t) === column && signAt(t + 1) !== '(' && signAt(t + 1) !== '.') found.push(t);
  }
  return found;
}
