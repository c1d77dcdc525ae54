import { defineFact } from './fact.ts';
import { matcher } from './globs.ts';
import type { Snapshot } from './snapshot.ts';

// What .gitattributes files say of a path, read from the tree that is judged and never from a disk: the same in the index,
// in a commit and in memory. (Git before 2.40 can read them from the index alone.)

/** Where an attribute was given. */
export interface Marked {
  readonly path: string;
  /** From 1. */
  readonly line: number;
}

/** What the tree says about one of its files. */
export interface Marks {
  /** `repolicy=off` or `-repolicy`. */
  readonly off?: Marked;
  /** `linguist-generated`: a program wrote it. */
  readonly generated?: Marked;
}

/** One line of a .gitattributes file, as far as it is about these two. */
export interface AttributeLine {
  readonly pattern: string;
  readonly line: number;
  /** Where in the file `text` begins. */
  readonly at: number;
  /** Without the space around it. */
  readonly text: string;
  /** Undefined: the line does not say. */
  readonly off: boolean | undefined;
  readonly generated: boolean | undefined;
}

const FILE = '.gitattributes';

/** Lines that say nothing about these two attributes are left out; so are macros. */
export function attributeLines(text: string): AttributeLine[] {
  const found: AttributeLine[] = [];
  let at = 0;
  for (const [index, whole] of text.split('\n').entries()) {
    const line = whole.trim();
    const start = at + whole.indexOf(line);
    at += whole.length + 1;
    const [, quoted, plain, rest] = /^(?:"((?:[^"\\]|\\.)*)"|([^"#\s]\S*))\s+(.+)$/.exec(line) ?? [];
    if (rest === undefined) continue;
    const words = rest.split(/\s+/);
    const off = last(words, {
      repolicy: false,
      '-repolicy': true,
      '!repolicy': false,
      'repolicy=off': true,
      'repolicy=on': false,
    });
    const generated = last(words, {
      'linguist-generated': true,
      'linguist-generated=true': true,
      '-linguist-generated': false,
      '!linguist-generated': false,
      'linguist-generated=false': false,
    });
    const pattern = quoted?.replace(/\\(["\\])/g, '$1') ?? plain!;
    if (off !== undefined || generated !== undefined)
      found.push({ pattern, line: index + 1, at: start, text: line, off, generated });
  }
  return found;
}

function last(words: readonly string[], meaning: Readonly<Record<string, boolean>>): boolean | undefined {
  const word = words.findLast((word) => Object.hasOwn(meaning, word));
  return word === undefined ? undefined : meaning[word];
}

/** Later lines win over earlier ones, and files nearer to the path over those above. */
export async function marksOf(snapshot: Snapshot, path: string): Promise<Marks> {
  let marks: { off?: Marked | undefined; generated?: Marked | undefined } = {};
  const names = path.split('/');
  for (let depth = 0; depth < names.length; depth++) {
    const folder = names
      .slice(0, depth)
      .map((name) => `${name}/`)
      .join('');
    const below = path.slice(folder.length);
    for (const { matches, line, off, generated } of await (
      await linesIn(snapshot)
    )(folder)) {
      if (!matches(below)) continue;
      const at = { path: `${folder}${FILE}`, line };
      if (off !== undefined) marks = { ...marks, off: off ? at : undefined };
      if (generated !== undefined) marks = { ...marks, generated: generated ? at : undefined };
    }
  }
  return { ...(marks.off && { off: marks.off }), ...(marks.generated && { generated: marks.generated }) };
}

interface Compiled extends AttributeLine {
  readonly matches: (path: string) => boolean;
}

/** Each file is read once for a snapshot. */
const linesIn = defineFact(async (snapshot) => {
  const known = new Map<string, Promise<readonly Compiled[]>>();
  const read = async (folder: string): Promise<readonly Compiled[]> => {
    const text = await snapshot.read(`${folder}${FILE}`);
    if (text === undefined || !/repolicy|linguist-generated/.test(text)) return [];
    return Promise.all(attributeLines(text).map(async (line) => ({ ...line, matches: await compiled(line.pattern) })));
  };
  return async (folder: string) => {
    const lines = known.get(folder) ?? read(folder);
    known.set(folder, lines);
    return lines;
  };
});

/** As in .gitignore, but for a leading "!" and a folder's trailing slash, which mean nothing here. */
async function compiled(pattern: string): Promise<(path: string) => boolean> {
  const never = () => false;
  if (pattern.startsWith('!') || pattern.endsWith('/')) return never;
  const anchored = pattern.replace(/^\//, '');
  const whole = pattern.includes('/') ? anchored : `**/${anchored}`;
  // Braces and the like are plain characters to Git.
  return matcher([
    whole.replace(/[{}()!@+,|]/g, (character, at: number) => (inClass(whole, at) ? character : `\\${character}`)),
  ]).catch(() => never);
}

/** Between brackets. */
const inClass = (pattern: string, at: number): boolean =>
  pattern.lastIndexOf('[', at) > pattern.lastIndexOf(']', at) && pattern.indexOf(']', at) >= 0;
