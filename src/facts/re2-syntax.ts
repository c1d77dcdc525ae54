// Says whether a text is a regular expression in RE2's syntax, without loading the engine: a policy is read far more often
// than its patterns are asked. A test holds the answer to the engine's own.

/** What a well-formed pattern is like. */
export interface Shape {
  /** It can match no text at all, and so matches everywhere. */
  readonly empty: boolean;
  /** Steps, repeats multiplied out: matching takes at most so many for each character. */
  readonly size: number;
}

export const PATTERN_LIMITS = { length: 1000, repeat: 1000, size: 20_000, depth: 50 } as const;

/** A pattern's shape; a text in its place is a sentence that says what is wrong with it. */
export function readPattern(source: string): Shape | string {
  const { length, size } = PATTERN_LIMITS;
  if (source.length > length) return `A pattern has at most ${length} characters; this one has ${source.length}.`;
  try {
    const part = parser(source)();
    return part.size > size
      ? `It is too large: with its repeats it has ${part.size} steps, and ${size} are the most.`
      : { empty: part.empty, size: part.size };
  } catch (problem) {
    if (typeof problem === 'string') return problem;
    throw problem;
  }
}

interface Part {
  readonly empty: boolean;
  /** Steps, repeats multiplied out. */
  readonly size: number;
  /** The greatest product of repeats within repeats. */
  readonly repeats: number;
}

const EMPTY: Part = { empty: true, size: 1, repeats: 1 };
const ONE: Part = { empty: false, size: 1, repeats: 1 };
const POSIX = 'alnum alpha ascii blank cntrl digit graph lower print punct space upper word xdigit'.split(' ');

/** Throws a sentence. */
function parser(source: string): () => Part {
  let at = 0;
  const names = new Set<string>();
  const take = (form: RegExp): RegExpExecArray | undefined => {
    form.lastIndex = at;
    const match = form.exec(source);
    at += match?.[0].length ?? 0;
    return match ?? undefined;
  };

  const alternatives = (depth: number): Part => {
    if (depth > PATTERN_LIMITS.depth) throw `It nests groups more than ${PATTERN_LIMITS.depth} deep.`;
    const parts = [sequence(depth)];
    while (source[at] === '|') {
      at++;
      parts.push(sequence(depth));
    }
    return {
      empty: parts.some(({ empty }) => empty),
      size: parts.reduce((sum, { size }) => sum + size + 1, 0),
      repeats: Math.max(...parts.map(({ repeats }) => repeats)),
    };
  };

  const sequence = (depth: number): Part => {
    let whole = { ...EMPTY, size: 0 };
    for (;;) {
      if (at >= source.length || source[at] === '|' || source[at] === ')')
        return { ...whole, size: Math.max(whole.size, 1) };
      const part = repeated(depth);
      whole = {
        empty: whole.empty && part.empty,
        size: whole.size + part.size,
        repeats: Math.max(whole.repeats, part.repeats),
      };
    }
  };

  const repeated = (depth: number): Part => {
    const start = at;
    const part = atom(depth);
    const repeat = take(/[*+?]|\{(0|[1-9]\d*)(?:(,)(0|[1-9]\d*)?)?\}/y);
    if (!repeat) return part ?? EMPTY;
    if (!part) throw `It repeats nothing at ${shown(source.slice(start))}.`;
    const [sign, low, comma, high] = repeat;
    take(/\?/y);
    const next = take(/[*+?]|\{(?:0|[1-9]\d*)(?:,(?:0|[1-9]\d*)?)?\}/y);
    if (next) throw `It repeats a repeat with ${shown(next[0])}: put the first in a group.`;
    if (low === undefined) return { ...part, empty: part.empty || sign !== '+', size: part.size + 1 };
    const min = Number(low);
    const max = high !== undefined ? Number(high) : comma ? undefined : min;
    if (min > PATTERN_LIMITS.repeat || (max ?? 0) > PATTERN_LIMITS.repeat)
      throw `It repeats more than ${PATTERN_LIMITS.repeat} times: ${sign}.`;
    if (max !== undefined && min > max) throw `It repeats at least ${min} and at most ${max} times.`;
    const times = max ?? min;
    const repeats = times === 0 ? 1 : times * part.repeats;
    if (Math.max(min, max ?? 0) >= 2 && repeats > PATTERN_LIMITS.repeat)
      throw `It repeats repeats more than ${PATTERN_LIMITS.repeat} times: ${sign}.`;
    return { empty: part.empty || min === 0, size: part.size * Math.max(times, 1) + 1, repeats };
  };

  /** One thing that a repeat may stand behind; undefined for flags and empty quotations, behind which none may. */
  const atom = (depth: number): Part | undefined => {
    const char = source[at]!;
    if (char === '(') return group(depth);
    if (char === '[') return characters();
    if (char === '\\') return escape();
    if (char === '*' || char === '+' || char === '?') return undefined;
    if (char === '{' && /\{(?:0|[1-9]\d*)(?:,(?:0|[1-9]\d*)?)?\}/y.test(source.slice(at, at + 30))) return undefined;
    at += source.codePointAt(at)! > 0xffff ? 2 : 1;
    return char === '^' || char === '$' ? EMPTY : ONE;
  };

  const group = (depth: number): Part | undefined => {
    if (take(/\((?!\?)/y)) return closed(depth);
    if (take(/\(\?<?[=!]/y))
      throw 'Looking ahead or behind, as in (?=...) or (?<!...), is not in RE2, the syntax of patterns here.';
    const named = take(/\(\?P?<(\w+)>/y);
    if (named) {
      const name = named[1]!;
      if (names.has(name)) throw `It names two groups ${name}.`;
      names.add(name);
      return closed(depth);
    }
    const flags = take(/\(\?[imsU]*(?:-[imsU]+)?(:|\))/y);
    if (!flags)
      throw `It has a kind of group that RE2, the syntax of patterns here, does not know: ${shown(source.slice(at))}.`;
    return flags[1] === ':' ? closed(depth) : undefined;
  };

  const closed = (depth: number): Part => {
    const part = alternatives(depth + 1);
    if (source[at] !== ')') throw 'It opens a group with "(" and never closes it.';
    at++;
    return { ...part, size: part.size + 2 };
  };

  const escape = (): Part | undefined => {
    if (take(/\\[AzbB]/y)) return EMPTY;
    const literal = take(/\\Q([^]*?)(?:\\E|$)/y);
    if (literal) return literal[1] ? { ...ONE, size: literal[1].length } : undefined;
    if (!take(/\\[dDsSwW]/y) && !property()) character();
    return ONE;
  };

  const property = (): boolean => {
    const [, letter, name] = take(/\\[pP](?:([A-Za-z])|\{\^?([A-Za-z_]+)\})/y) ?? [];
    const wanted = letter ?? name;
    if (wanted === undefined) return false;
    if (!isProperty(wanted)) throw `Unicode has no characters called ${wanted}.`;
    return true;
  };

  /** An escape that stands for one character; gives its number. */
  const character = (): number => {
    const hex = take(/\\x(?:([\da-fA-F]{2})|\{([\da-fA-F]+)\})/y);
    if (hex) {
      const number = parseInt(hex[1] ?? hex[2]!, 16);
      if (number > 0x10ffff) throw `There is no character number ${hex[2]}.`;
      return number;
    }
    const octal = take(/\\(0[0-7]{0,2}|[1-7][0-7]{1,2})/y);
    if (octal) return parseInt(octal[1]!, 8);
    const control = take(/\\([afnrtv])/y);
    if (control) return '\x07\f\n\r\t\v'.charCodeAt('afnrtv'.indexOf(control[1]!));
    const sign = take(/\\([^a-zA-Z0-9\u0080-\uffff])/y);
    if (sign) return sign[1]!.charCodeAt(0);
    if (/^\\(?:[1-9]|k)/.test(source.slice(at)))
      throw 'A reference back to a group, as in \\1, is not in RE2, the syntax of patterns here.';
    if (source.startsWith('\\u', at))
      throw 'A character by its number is written as in \\x{1F600}, not as in \\u1F600.';
    throw source.length === at + 1
      ? 'It ends in a "\\" that escapes nothing.'
      : `RE2, the syntax of patterns here, does not know ${shown(source.slice(at, at + 2))}.`;
  };

  const characters = (): Part => {
    take(/\[\^?/y);
    for (let first = true; first || source[at] !== ']'; first = false) {
      if (at >= source.length) throw 'It opens characters with "[" and never closes them.';
      const posix = take(/\[:\^?([^\]]*?):\]/y);
      if (posix) {
        if (!POSIX.includes(posix[1]!)) throw `There are no characters called ${shown(posix[0])}.`;
        continue;
      }
      if (take(/\\[dDsSwW]/y) || property()) continue;
      const low = member();
      if (source[at] !== '-' || source[at + 1] === ']' || at + 1 >= source.length) continue;
      at++;
      if (low > member()) throw 'It has a range of characters that ends before it begins.';
    }
    at++;
    return ONE;
  };

  const member = (): number => {
    if (source[at] === '\\') return character();
    const number = source.codePointAt(at)!;
    at += number > 0xffff ? 2 : 1;
    return number;
  };

  return () => {
    const part = alternatives(0);
    if (at < source.length) throw 'It closes a group with ")" that it never opened.';
    return part;
  };
}

function isProperty(name: string): boolean {
  return ['', 'Script='].some((kind) => {
    try {
      return new RegExp(`^\\p{${kind}${name}}`, 'u') instanceof RegExp;
    } catch {
      return name === 'Any';
    }
  });
}

const shown = (text: string): string => JSON.stringify(text.length > 12 ? `${text.slice(0, 12)}…` : text);
