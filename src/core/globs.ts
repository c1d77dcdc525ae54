import type { Zod } from './rule.ts';

/** Bounds on one pattern. Matching costs at most (length of the pattern x length of the path): no path is slow. */
export const GLOB_LIMITS = { length: 1000, wildcards: 40, alternatives: 200, depth: 4 } as const;

/** A pattern that cannot be used. The message begins with the quoted pattern. */
export class GlobError extends Error {
  override readonly name = 'GlobError';
}

/** What one character, or one construct, of a pattern means. */
export type Token =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'slash' | 'star' | 'any' }
  /** As written, brackets included. */
  | { readonly kind: 'class'; readonly text: string }
  /** !(a|b): any text but these. */
  | { readonly kind: 'not'; readonly options: readonly Token[][] }
  /** {a,b}, @(a|b), ?(a): multiplied out before anything is matched. */
  | { readonly kind: 'either'; readonly options: readonly Token[][] }
  /** {name}, in path templates. */
  | { readonly kind: 'capture'; readonly name: string };

/** One name between two slashes, or '**'. */
export type Segment = readonly Token[] | '**';

const SPECIAL = /[\\*?[\]{}()!@+,|]/;

/**
 * What is wrong with a pattern, in words that follow its quotation; undefined where nothing is.
 *
 * Paths are relative to the repository's root, with '/', and exact in case. `*` and `?` stay within one name, and names
 * that begin with a dot are like any other; `**` stands for any number of folders, none included, so that `docs/**` is
 * everything in docs and whatever stands at docs itself (a link, a submodule). `[a-z]`, `[!a]`, `{a,b}`, `@(a|b)`,
 * `?(a)` and `!(a|b)` are micromatch's. Parentheses without a sign before them are plain characters. A leading `!` takes
 * out of a list what came before it. Repeated groups, `+(a)` and `*(a)`, do not exist: they cost exponential time.
 */
export function globProblem(pattern: string): string | undefined {
  const parsed = parse(pattern.startsWith('!') && pattern[1] !== '(' ? pattern.slice(1) : pattern, false);
  return typeof parsed === 'string' ? parsed : undefined;
}

/** A glob among a rule's options: a bad one is an error of the policy file, at its place. */
export const glob = (z: Zod) =>
  z.string().superRefine((pattern, context) => {
    const problem = globProblem(pattern);
    if (problem) context.addIssue({ code: 'custom', message: problem });
  });

/**
 * Compiles a list of globs to a test of paths. In a list with negations the last pattern that matches decides; a list
 * of nothing but negations starts from everything. Throws GlobError.
 */
export async function matcher(patterns: readonly string[]): Promise<(path: string) => boolean> {
  const steps: { negated: boolean; test: (path: string) => boolean }[] = [];
  // Literal paths and extensions make up most lists, and some lists are long: one look-up instead of one test each.
  let literals = new Set<string>();
  let extensions = new Set<string>();
  const group = () => {
    const [paths, ends] = [literals, extensions];
    if (paths.size) steps.push({ negated: false, test: (path) => paths.has(path) });
    if (ends.size) steps.push({ negated: false, test: (path) => endsInOneOf(ends, path) });
    literals = new Set();
    extensions = new Set();
  };
  for (const pattern of patterns) {
    const negated = pattern.startsWith('!') && pattern[1] !== '(';
    const alternatives = parse(negated ? pattern.slice(1) : pattern, false);
    if (typeof alternatives === 'string') throw new GlobError(`${quoted(pattern)} ${alternatives}`);
    if (negated) {
      group();
      const tests = await Promise.all(alternatives.map(pathTest));
      steps.push({ negated, test: (path) => tests.some((test) => test(path)) });
      continue;
    }
    for (const segments of alternatives) {
      const texts = segments.map((segment) => (segment === '**' ? undefined : literal(segment)));
      const extension = segments.length === 2 && segments[0] === '**' ? plainExtension(segments[1]!) : undefined;
      if (texts.every((text) => text !== undefined)) literals.add(texts.join('/'));
      else if (extension !== undefined) extensions.add(extension);
      else steps.push({ negated, test: await pathTest(segments) });
    }
  }
  group();
  if (steps.every(({ negated }) => !negated)) {
    const tests = steps.map(({ test }) => test);
    return tests.length === 1 ? tests[0]! : (path) => tests.some((test) => test(path));
  }
  const start = patterns.every((pattern) => pattern.startsWith('!') && pattern[1] !== '(');
  return (path) => steps.reduce((held, { negated, test }) => (held === negated && test(path) ? !negated : held), start);
}

const endsInOneOf = (ends: ReadonlySet<string>, path: string): boolean => {
  const name = path.slice(path.lastIndexOf('/') + 1);
  for (let dot = name.indexOf('.'); dot >= 0; dot = name.indexOf('.', dot + 1)) {
    if (ends.has(name.slice(dot))) return true;
  }
  return false;
};

/** The ".ext" of "*.ext"; undefined for everything else. */
const plainExtension = ([star, ...rest]: readonly Token[] | '**'): string | undefined => {
  const text = typeof star === 'object' && star.kind === 'star' ? literal(rest as Token[]) : undefined;
  return text?.startsWith('.') ? text : undefined;
};

/** Reads a pattern into its alternatives, each a list of segments; or says what is wrong with it. */
export function parse(pattern: string, captures: boolean): Segment[][] | string {
  const { length, wildcards, alternatives } = GLOB_LIMITS;
  if (pattern === '') return 'is empty';
  if (pattern.length > length) return `is longer than ${length} characters`;
  if (pattern.includes('\0')) return 'holds a NUL character, which no path can';
  if (pattern.startsWith('/')) return 'begins with "/": paths are relative to the repository\'s root already';
  const tokens = tokenize(pattern, captures);
  if (typeof tokens === 'string') return tokens;
  if (count(tokens) > wildcards) return `has more than ${wildcards} wildcards`;
  const expanded = expand(tokens);
  if (!expanded) return `stands for more than ${alternatives} alternatives`;
  const result: Segment[][] = [];
  for (const alternative of expanded) {
    const segments = split(alternative);
    if (typeof segments === 'string') return segments;
    result.push(segments);
  }
  return result;
}

const count = (tokens: readonly Token[]): number =>
  tokens.reduce((sum, token) => {
    if ('options' in token) return sum + token.options.reduce((all, option) => all + count(option), 1);
    return sum + (token.kind === 'text' || token.kind === 'slash' ? 0 : 1);
  }, 0);

function tokenize(pattern: string, captures: boolean): Token[] | string {
  let at = 0;
  const read = (until: string, depth: number, inGroup: boolean): Token[] | string => {
    const tokens: Token[] = [];
    for (; at < pattern.length && !until.includes(pattern[at]!); at++) {
      const char = pattern[at]!;
      const next = pattern[at + 1];
      if (char === '\\') {
        if (next === undefined || !SPECIAL.test(next))
          return 'has a "\\" where none is needed: folders are separated by "/"';
        tokens.push({ kind: 'text', text: next });
        at++;
      } else if (char === '/') {
        if (inGroup) return 'has a "/" inside "(...)": use {a/b,c} for alternatives that span folders';
        tokens.push({ kind: 'slash' });
      } else if ('@?!+*'.includes(char) && next === '(') {
        if (char === '+' || char === '*') {
          return `repeats a group with "${char}(...)", which can take exponential time: list the names, or write \\( for the character`;
        }
        if (inGroup) return 'has a group inside a group';
        at += 2;
        const options = readOptions(')', '|', depth, true);
        if (typeof options === 'string') return options;
        tokens.push({ kind: char === '!' ? 'not' : 'either', options: char === '?' ? [[], ...options] : options });
      } else if (inGroup && char === '(') return 'has a "(" inside "(...)": write \\( for the character';
      else if (char === '*') tokens.push({ kind: 'star' });
      else if (char === '?') tokens.push({ kind: 'any' });
      else if (char === '[') {
        const text = /^\[[!^]?\]?(?:\[:[a-z]+:\]|\\.|[^\]\\])*\]/s.exec(pattern.slice(at))?.[0];
        if (!text) return 'opens a "[" and never closes it: write \\[ for the character';
        if (text.includes('/')) return 'has a "/" inside "[...]", which matches one character of a name';
        const problem = classProblem(text);
        if (problem) return problem;
        // A router's "[id]" is more often a folder's name than a choice of letters: it stands for both.
        const name = /^\[(?:\.\.\.)?\w+\]$/.test(text) && !inGroup;
        const written = [...text].map((letter): Token => ({ kind: 'text', text: letter }));
        tokens.push(name ? { kind: 'either', options: [[{ kind: 'class', text }], written] } : { kind: 'class', text });
        at += text.length - 1;
      } else if (char === '{') {
        if (inGroup) return 'has "{...}" inside "(...)": separate the alternatives with "|"';
        if (depth >= GLOB_LIMITS.depth) return `nests "{...}" more than ${GLOB_LIMITS.depth} deep`;
        const name = /^\{([a-zA-Z][a-zA-Z0-9_]*)\}/.exec(pattern.slice(at, at + 66))?.[1];
        if (name !== undefined && captures) {
          tokens.push({ kind: 'capture', name });
          at += name.length + 1;
          continue;
        }
        at++;
        const options = readOptions('}', ',', depth + 1, false);
        if (typeof options === 'string') return options;
        if (options.length < 2) {
          return `has "{...}" without a comma: alternatives are {a,b}${captures ? ', a capture is {name}' : ''}; write \\{ for the character`;
        }
        tokens.push({ kind: 'either', options });
      } else tokens.push({ kind: 'text', text: char });
    }
    return tokens;
  };
  const readOptions = (close: string, separator: string, depth: number, inGroup: boolean): Token[][] | string => {
    const options: Token[][] = [];
    for (;;) {
      const option = read(close + separator, depth, inGroup);
      if (typeof option === 'string') return option;
      options.push(option);
      if (at >= pattern.length) {
        const open = close === ')' ? '(' : '{';
        return `opens a "${open}" and never closes it: write \\${open} for the character`;
      }
      if (pattern[at] === close) return options;
      at++;
    }
  };
  return read('', 0, false);
}

const CLASSES = /^(?:alnum|alpha|ascii|blank|cntrl|digit|graph|lower|print|punct|space|upper|word|xdigit)$/;

function classProblem(text: string): string | undefined {
  if (/^\[[!^]?\]$/.test(text)) return 'has an empty "[]"';
  if (/[\ud800-\udfff]/.test(text)) return `has a character in ${quoted(text)} that counts as two: use {a,b}`;
  if (/\\[A-Za-z0-9]/.test(text)) return `has a "\\" in ${quoted(text)} where none is needed`;
  for (const [, name] of text.matchAll(/\[:([a-z]+):\]/g)) {
    if (!CLASSES.test(name!)) return `has "[:${name}:]" in it, which is no class of characters`;
  }
  // Read from left to right, as regular expressions do: "a-f-z" is a range, a dash and a z.
  const letters = [
    ...text
      .slice(1, -1)
      .replace(/^[!^]/, '')
      .replaceAll(/\[:[a-z]+:\]/g, '')
      .replaceAll(/\\(.)/gs, '$1'),
  ];
  for (let i = 1; i + 1 < letters.length; i++) {
    if (letters[i] !== '-') continue;
    if (letters[i - 1]! > letters[i + 1]!) return `has a range in ${quoted(text)} that runs backwards`;
    i += 2;
  }
  return undefined;
}

/** Multiplies braces out; undefined where that gives too many. */
function expand(tokens: readonly Token[]): Token[][] | undefined {
  let results: Token[][] = [[]];
  for (const token of tokens) {
    if (token.kind !== 'either') {
      for (const result of results) result.push(token);
      continue;
    }
    const options: Token[][] = [];
    for (const option of token.options) {
      const expanded = expand(option);
      if (!expanded) return undefined;
      options.push(...expanded);
      if (options.length > GLOB_LIMITS.alternatives) return undefined;
    }
    if (options.length * results.length > GLOB_LIMITS.alternatives) return undefined;
    results = results.flatMap((result) => options.map((option) => [...result, ...option]));
  }
  return results;
}

function split(tokens: readonly Token[]): Segment[] | string {
  const names: Token[][] = [[]];
  for (const token of tokens) {
    if (token.kind === 'slash') names.push([]);
    else names.at(-1)!.push(token);
  }
  const segments: Segment[] = [];
  for (const [i, name] of names.entries()) {
    const problem = nameProblem(name, i === names.length - 1);
    if (problem) return problem;
    segments.push(name.length === 2 && name.every(({ kind }) => kind === 'star') ? '**' : name);
  }
  return segments;
}

function nameProblem(name: readonly Token[], last: boolean): string | undefined {
  if (name.length === 0) {
    return last ? 'ends with "/": write "dir/**" for all that is in a folder' : 'has an empty name between slashes';
  }
  const text = literal(name);
  if (text === '.' || text === '..') return `has a "${text}" in it: paths are written from the repository's root`;
  if (name.length > 2 && name.some(({ kind }, i) => kind === 'star' && name[i + 1]?.kind === 'star')) {
    return 'has a "**" that is not alone between slashes: write "**/*.md" for files at any depth, "*" within a name';
  }
  const negations = name.filter((token) => token.kind === 'not');
  if (negations.length) {
    if (name.some(({ kind }) => kind !== 'text' && kind !== 'not') || negations.length > 1) {
      return 'has a "!(...)" beside another wildcard in one name: only plain text may stand around it';
    }
    return (
      negations[0]!.options.map((option) => option.length > 0 && nameProblem(option, true)).find(Boolean) || undefined
    );
  }
  return undefined;
}

/** The text of a segment without wildcards; undefined for any other. */
export function literal(tokens: readonly Token[]): string | undefined {
  let text = '';
  for (const token of tokens) {
    if (token.kind !== 'text') return undefined;
    text += token.text;
  }
  return text;
}

/** Which path segment each pattern segment took; '**' takes any number and is left out. */
export type Places = readonly (number | undefined)[];

/** Matches segment by segment. All but '**' take exactly one name, so going back to the last '**' is enough. */
export function place(
  segments: readonly ('**' | ((name: string) => boolean))[],
  names: readonly string[],
): Places | undefined {
  const places: (number | undefined)[] = new Array(segments.length).fill(undefined);
  let at = 0;
  let name = 0;
  let back: { at: number; name: number } | undefined;
  for (;;) {
    const segment = segments[at];
    if (segment === '**') {
      at++;
      back = { at, name };
      if (at === segments.length) return places;
    } else if (segment === undefined && name === names.length) return places;
    else if (segment !== undefined && name < names.length && segment(names[name]!)) {
      places[at] = name;
      at++;
      name++;
    } else if (back && back.name < names.length) {
      back.name++;
      ({ at, name } = back);
    } else return undefined;
  }
}

/** Tests whole paths against one alternative without captures. */
export async function pathTest(segments: readonly Segment[]): Promise<(path: string) => boolean> {
  const [first, second] = segments;
  const texts = segments.map((segment) => (segment === '**' ? undefined : literal(segment)));
  const words = texts.findIndex((text) => text === undefined);
  const dir = texts.slice(0, words < 0 ? undefined : words).join('/');
  if (words < 0) return (path) => path === dir;
  if (words > 0 && words === segments.length - 1 && segments[words] === '**') {
    return (path) => path.startsWith(dir) && (path.length === dir.length || path[dir.length] === '/');
  }
  if (first === '**' && segments.length === 2 && second !== '**') {
    const test = await nameTest(second!);
    return (path) => test(path.slice(path.lastIndexOf('/') + 1));
  }
  const tests = await Promise.all(segments.map((segment) => (segment === '**' ? segment : nameTest(segment))));
  // After a folder that is not named outright, "/**" is what lies in it: "*/**" is no file at the root.
  if (segments.at(-1) === '**' && segments.length > 1 && segments.at(-2) !== '**' && texts.at(-2) === undefined)
    tests.push(() => true);
  return (path) => place(tests, path.split('/')) !== undefined;
}

/** Tests one name. Between two stars every character has its place: the leftmost fit of each piece is enough. */
export async function nameTest(segment: readonly Token[]): Promise<(name: string) => boolean> {
  const negation = segment.findIndex(({ kind }) => kind === 'not');
  if (negation >= 0) return negationTest(segment, negation);
  const runs: Token[][] = [[]];
  for (const token of segment) {
    if (token.kind === 'star') runs.push([]);
    else runs.at(-1)!.push(token);
  }
  const pieces = await Promise.all(runs.map(piece));
  const first = pieces[0]!;
  const last = pieces.at(-1)!;
  if (pieces.length === 1) return (name) => name.length === first.width && first.find(name, 0, 0) === 0;
  const middle = pieces.slice(1, -1);
  return (name) => {
    const end = name.length - last.width;
    if (end < first.width || first.find(name, 0, 0) !== 0 || last.find(name, end, end) !== end) return false;
    let at = first.width;
    for (const { width, find } of middle) {
      const found = find(name, at, end - width);
      if (found < 0) return false;
      at = found + width;
    }
    return true;
  };
}

async function negationTest(segment: readonly Token[], negation: number): Promise<(name: string) => boolean> {
  const before = literal(segment.slice(0, negation))!;
  const after = literal(segment.slice(negation + 1))!;
  const { options } = segment[negation] as Extract<Token, { kind: 'not' }>;
  const tests = await Promise.all(options.map(nameTest));
  return (name) =>
    name.length >= before.length + after.length &&
    name.startsWith(before) &&
    name.endsWith(after) &&
    !tests.some((test) => test(name.slice(before.length, name.length - after.length)));
}

/** A stretch of a pattern without stars. */
interface Piece {
  /** In UTF-16 units. */
  readonly width: number;
  /** Where the piece first fits, beginning between `from` and `to`; -1 where it does not. */
  find(name: string, from: number, to: number): number;
}

async function piece(tokens: readonly Token[]): Promise<Piece> {
  const text = literal(tokens);
  if (text !== undefined) {
    const find = (name: string, from: number, to: number) => {
      if (from === to) return name.startsWith(text, from) ? from : -1;
      const found = name.indexOf(text, from);
      return found <= to ? found : -1;
    };
    return { width: text.length, find };
  }
  const width = tokens.reduce((sum, token) => sum + (token.kind === 'text' ? token.text.length : 1), 0);
  const pattern = await regularExpression(tokens.map(written).join(''));
  const find = (name: string, from: number, to: number) => {
    for (let at = from; at <= to; at++) if (pattern.test(name.slice(at, at + width))) return at;
    return -1;
  };
  return { width, find };
}

async function regularExpression(source: string): Promise<RegExp> {
  const { default: micromatch } = await import('micromatch');
  // nobrace: braces are multiplied out already. debug: an error is thrown, not made a pattern that never matches.
  // flags: a name may hold newlines.
  const options = { dot: true, nonegate: true, nobrace: true, posix: true, windows: false, debug: true, flags: 's' };
  return micromatch.makeRe(source, options as object) as RegExp;
}

function written(token: Token): string {
  if (token.kind === 'text') return token.text.replace(/[^\w\u0080-\uffff]/, '\\$&');
  return token.kind === 'class' ? token.text : '?';
}

/** For messages: control characters are escaped, and the rest of a long text is cut. */
export const quoted = (text: string): string =>
  JSON.stringify(text.length > 100 ? `${text.slice(0, 97)}...` : text).replace(
    /[\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
