import type { Range } from '../../core/finding.ts';
import type { Body } from './body.ts';
import { SyntaxProblem, type Grammar } from './grammar.ts';
import { lex, SIGN } from './lexer.ts';
import { placesOf } from './places.ts';

/**
 * libpg_query knows no tables and so no row types: a field of such a variable is unknown to it. What is declared between
 * DECLARE and BEGIN is then taken for records, whose fields it does not ask about.
 */
export function compile(statement: string, grammar: Grammar): readonly unknown[] {
  try {
    return grammar.parsePlpgsql(statement);
  } catch (error) {
    if (
      !(error instanceof SyntaxProblem) ||
      !/ is not a (?:known|scalar) variable$|^loop variable /.test(error.message)
    )
      throw error;
    const asRecords = statement.replace(/\bdeclare\b[^]*?\bbegin\b/i, (declarations) =>
      declarations.replace(DECLARED, (whole, before: string, type: string, after: string) =>
        type.length < 'record'.length ? whole : before + 'record'.padEnd(type.length) + after,
      ),
    );
    return grammar.parsePlpgsql(asRecords);
  }
}

// name [CONSTANT] schema.type; or name table%ROWTYPE;
const DECLARED =
  /(\w+[ \t]+(?:constant[ \t]+)?)((?:[\w"]+\.)?[\w"]+%rowtype|[\w"]+\.[\w"]+)(\s*(?:;|:=|=|default\b|not\b))/gi;

/**
 * Where PL/pgSQL stumbles, in the body. The compiler names a word and no place: the body is cut behind each semicolon until
 * the complaint is there, and the statement in front of that cut is read once more by itself.
 */
export function plpgsqlErrorAt(
  statement: string,
  body: Body,
  literalStart: number,
  message: string,
  grammar: Grammar,
): Range {
  const { text } = body;
  const word = / at or near "([^]*)"$/.exec(message)?.[1];
  if (word === undefined || word === '')
    return /end of input$/.test(message) ? [text.length, text.length] : [0, text.length];
  const { kinds, starts, ends, count } = lex(text);
  const cuts: number[] = [];
  for (let t = 0; t < count; t++) if (kinds[t] === SIGN && text[starts[t]!] === ';') cuts.push(t);
  const fails = (token: number): boolean => {
    const cut = literalStart + body.toLiteral(ends[token]!);
    try {
      grammar.parsePlpgsql(statement.slice(0, cut) + statement.slice(literalStart + body.end));
      return false;
    } catch (error) {
      return error instanceof SyntaxProblem && error.message === message;
    }
  };
  let low = 0;
  let high = cuts.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (fails(cuts[middle]!)) high = middle;
    else low = middle + 1;
  }
  const to = cuts[low] ?? count - 1;
  let first = low === 0 ? 0 : cuts[low - 1]! + 1;
  const before = starts[first] ?? 0;
  for (let t = first; t < to; t++) if (OPENERS.has(text.slice(starts[t], ends[t]).toLowerCase())) first = t + 1;
  const from = starts[first] ?? 0;
  const own = text.slice(from, ends[to]);
  let place = word === ';' ? starts[to] : undefined;
  try {
    if (place === undefined) grammar.parse(own);
  } catch (error) {
    const problem = error instanceof SyntaxProblem ? error : undefined;
    if (problem?.message === message && problem.character !== undefined) {
      place = from + placesOf(own).fromCharacter(problem.character);
    }
  }
  if (place === undefined) {
    const found = text.indexOf(word, before);
    place = found < 0 ? before : found;
  }
  return [place, place + word.split('\n')[0]!.trimEnd().length];
}

const OPENERS: ReadonlySet<string> = new Set(['begin', 'declare', 'then', 'else', 'loop']);
