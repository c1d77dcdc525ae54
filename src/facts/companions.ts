import type { Change, ChangeSet } from '../core/change.ts';
import { matcher } from '../core/globs.ts';
import { formatOf, readConfiguration } from './configuration.ts';
import { sameJson } from './json-schema.ts';
import { capturing, matching } from './paths.ts';
import { follow, readPointer } from './pointers.ts';

/** Files that are to change together, as a policy has them. */
export interface Pair {
  readonly files: readonly string[];
  readonly with: readonly string[];
  readonly at?: readonly string[] | undefined;
  readonly needs: 'change' | 'presence';
  readonly ifPresent: boolean;
  readonly when: readonly ('added' | 'modified' | 'renamed' | 'deleted')[];
}

/** A changed file without its companion. */
export interface Lonely {
  readonly change: Change;
  /** What was looked for: the captures of the file's path worked in. */
  readonly wanted: readonly string[];
  /** Those of it that are there and were left as they are. */
  readonly untouched: readonly string[];
}

/** The files of a change that a pair asks a companion of, and that have none. */
export async function* lonely(set: ChangeSet, pair: Pair): AsyncIterable<Lonely> {
  const { head, changes } = set;
  const read = await capturing(pair.files, head.declared);
  const touched = changes.flatMap(({ path, from = path, after }) => (after ? [path, from] : [path]));
  for (const change of changes) {
    const captures = read(change.path);
    if (!captures || !pair.when.includes(change.kind)) continue;
    const wanted = pair.with.map((glob) => filled(glob, captures));
    const isWanted = await matcher(wanted);
    if (touched.some((path) => path !== change.path && isWanted(path))) continue;
    if (pair.at && !(await differs(set, change, pair.at))) continue;
    const there = await present(set, wanted);
    if (pair.needs === 'presence' ? there.length > 0 : pair.ifPresent && there.length === 0) continue;
    yield { change, wanted, untouched: there };
  }
}

/** A glob in which what the path captured stands in place of its name, as plain text. */
const filled = (glob: string, captures: ReadonlyMap<string, string>): string =>
  glob.replace(
    /\{(\w+)\}/g,
    (whole, name: string) => captures.get(name)?.replace(/[^\w\u0080-\uffff]/g, '\\$&') ?? whole,
  );

/** Paths without wildcards are looked up; a glob needs the list of the tree. */
async function present({ head }: ChangeSet, globs: readonly string[]): Promise<readonly string[]> {
  const plain = globs.map((glob) => glob.replace(/\\(.)/g, '$1'));
  if (globs.every((glob) => !/(?<!\\)[*?[{!(]/.test(glob))) {
    const entries = await Promise.all(plain.map((path) => head.entry(path)));
    return plain.filter((_, i) => entries[i]);
  }
  return (await head.paths()).filter(await matching(globs));
}

/** Whether what stands at one of these places became another. A file that cannot be read counts as changed. */
async function differs(
  { base, head }: ChangeSet,
  { path, from = path, before, after }: Change,
  at: readonly string[],
): Promise<boolean> {
  const format = formatOf(path);
  if (!format || !before || !after) return true;
  const [old, now] = [await base.read(from), await head.read(path)];
  if (old === undefined || now === undefined) return true;
  const [was, is] = [await readConfiguration(format, old), await readConfiguration(format, now)];
  if ('problem' in was || 'problem' in is) return true;
  return at.some((pointer) => {
    const steps = readPointer(pointer);
    if (typeof steps === 'string') return false;
    const values = ({ documents }: typeof was) =>
      documents.flatMap((one) => follow(one, steps)).map(({ value }) => value);
    return !sameJson(values(was), values(is));
  });
}
