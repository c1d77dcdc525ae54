/** One simple command of a shell script: its words, quotes and escapes taken out. */
export interface Command {
  readonly words: readonly string[];
  /** Where it stands in the script. */
  readonly start: number;
  readonly end: number;
  /** What `<<` or `<<<` feeds to it. */
  readonly input?: string;
}

const LONGEST = 200_000;
const DEEPEST = 20;
/** In place of what a substitution would give. */
const UNKNOWN = '$()';

/**
 * The simple commands of a POSIX shell script: those of lists, pipes, subshells, blocks and substitutions too. Variables
 * stay as written ("$NAME"), since what they hold is not known. Comments and redirections are left out. What is no script
 * still gives some commands: nothing is refused.
 */
export function readCommands(script: string): readonly Command[] {
  const text = script.slice(0, LONGEST);
  const commands: { words: string[]; start: number; end: number; input?: string }[] = [];
  let at = 0;

  /** Reads up to and over a closing character; '' reads to the end. */
  const readList = (until: string, depth: number): void => {
    let words: string[] = [];
    let word: string | undefined;
    let start = -1;
    /** The next word is where a redirection goes to; 'input' where it is the text that `<<<` feeds. */
    let target: 'file' | 'input' | undefined;
    let input: string | undefined;
    let documents: { end: string; tabs: boolean; command: number }[] = [];

    const add = (part: string) => {
      if (start < 0) start = at;
      word = (word ?? '') + part;
    };
    const endWord = () => {
      if (word === undefined) return;
      if (target === 'input') input = word;
      else if (!target) words.push(word);
      word = target = undefined;
    };
    const endCommand = () => {
      endWord();
      if (words.length > 0 || documents.some(({ command }) => command === commands.length)) {
        commands.push({ words, start: Math.max(start, 0), end: at, ...(input !== undefined && { input }) });
      }
      words = [];
      start = -1;
      input = undefined;
    };
    const substitution = (close: string) => {
      if (depth < DEEPEST) readList(close, depth + 1);
      else at = text.length;
      word = (word ?? '') + UNKNOWN;
    };
    /** What `$` or a backtick begins, in and out of double quotes. */
    const expansion = () => {
      const begin = text.slice(at, at + 3);
      add('');
      if (begin.startsWith('$((')) {
        const end = text.indexOf('))', at);
        at = end < 0 ? text.length : end + 2;
        word += UNKNOWN;
      } else if (begin.startsWith('$(')) {
        at += 2;
        substitution(')');
      } else if (begin.startsWith('${')) {
        const end = text.indexOf('}', at);
        const next = end < 0 ? text.length : end + 1;
        word += text.slice(at, next);
        at = next;
      } else if (begin.startsWith('`')) {
        at++;
        substitution('`');
      } else add(text[at++]!);
    };
    const doubleQuoted = () => {
      add('');
      for (at++; at < text.length && text[at] !== '"';) {
        if (text[at] === '\\' && /[$`"\\\n]/.test(text[at + 1] ?? '')) {
          if (text[at + 1] !== '\n') add(text[at + 1]!);
          at += 2;
        } else if (text[at] === '$' || text[at] === '`') expansion();
        else add(text[at++]!);
      }
      at++;
    };
    const redirection = () => {
      if (/^\d+$/.test(word ?? '')) word = undefined;
      else endWord();
      const [sign = ''] = /^(?:[<>]\(|<<<|<<-?|&?[<>]+[&|]?)/.exec(text.slice(at, at + 4)) ?? [];
      at += Math.max(sign.length, 1);
      if (sign.endsWith('(')) substitution(')');
      else if (sign === '<<<') target = 'input';
      else if (sign.startsWith('<<')) {
        const [whole, quoted, bare] =
          /^[ \t]*(?:["']([^"'\n]*)["']|\\?([^\s;&|<>()]+))/.exec(text.slice(at, at + 200)) ?? [];
        at += whole?.length ?? 0;
        documents.push({ end: quoted ?? bare ?? '', tabs: sign === '<<-', command: commands.length });
      } else target = 'file';
    };
    const readDocuments = () => {
      for (const { end, tabs, command } of documents) {
        const lines: string[] = [];
        while (at < text.length) {
          const newline = text.indexOf('\n', at);
          const line = text.slice(at, newline < 0 ? text.length : newline).replace(/\r$/, '');
          at = newline < 0 ? text.length : newline + 1;
          if ((tabs ? line.replace(/^\t+/, '') : line) === end) break;
          lines.push(line);
        }
        const fed = commands[command];
        if (fed) fed.input = lines.join('\n');
      }
      documents = [];
    };

    while (at < text.length) {
      const char = text[at]!;
      const next = text[at + 1] ?? '';
      if (until && char === until) {
        endCommand();
        at++;
        return;
      }
      if (char === ' ' || char === '\t' || char === '\r') {
        endWord();
        at++;
      } else if (char === '\n') {
        endCommand();
        at++;
        readDocuments();
      } else if (char === '#' && word === undefined) {
        const newline = text.indexOf('\n', at);
        at = newline < 0 ? text.length : newline;
      } else if (char === '<' || char === '>' || (char === '&' && next === '>')) redirection();
      else if (char === ';' || char === '&' || char === '|') {
        endCommand();
        at++;
      } else if (char === '(' && word !== undefined && next === ')') {
        // The name of a function: what stands in it is read where it stands.
        word = undefined;
        at += 2;
      } else if (char === '(' && word === undefined && depth < DEEPEST) {
        endCommand();
        at++;
        readList(')', depth + 1);
      } else if (char === ')') {
        endCommand();
        at++;
      } else if (char === '"') doubleQuoted();
      else if (char === "'") {
        add('');
        const close = text.indexOf("'", at + 1);
        const end = close < 0 ? text.length : close;
        word += text.slice(at + 1, end);
        at = end + 1;
      } else if (char === '\\') {
        if (next === '\n') at += 2;
        else if (next === '\r' && text[at + 2] === '\n') at += 3;
        else {
          add(next);
          at += 2;
        }
      } else if (char === '$' || char === '`') expansion();
      else {
        add(char);
        at++;
      }
    }
    endCommand();
  };

  readList('', 0);
  return commands;
}

/** A word as a shell must be told it. */
export const quoteWord = (word: string): string =>
  /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
