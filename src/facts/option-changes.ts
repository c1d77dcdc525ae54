import { canonical } from '../core/canonical.ts';
import { quoted } from '../core/globs.ts';

/** Lists whose entries let something pass: one more is looser. */
const EXCEPTIONS = new Set([
  'allow',
  'approvers',
  'allowed',
  'except',
  'exceptions',
  'exempt',
  'ignore',
  'ignored',
  'owners',
  'released',
]);
/** Lists whose entries are judged or demanded: one fewer is looser. */
const DEMANDS = new Set([
  'assertions',
  'checks',
  'executable',
  'fields',
  'files',
  'forbid',
  'forbidden',
  'imports',
  'limits',
  'lists',
  'names',
  'pairs',
  'plain',
  'releases',
  'required',
  'sections',
  'texts',
  'values',
  'where',
]);
/** Numbers. */
const CEILING = /^(max|most)($|[A-Z])/;
const FLOOR = /^(min|least)($|[A-Z])/;

export interface OptionChange {
  readonly option: string;
  /** Without its full stop. */
  readonly sentence: string;
}

/**
 * What became of a rule's options, one sentence for each that is not provably as strict as before. What an option means
 * is the rule's own business: names that every rule uses alike tell a direction, and any other change may loosen.
 * `secret`: values are counted, never shown.
 */
export function changedOptions(rule: string, before: unknown, after: unknown, secret: boolean): OptionChange[] {
  const [old, now] = [fieldsOf(before), fieldsOf(after)];
  const changes: OptionChange[] = [];
  for (const name of new Set([...Object.keys(old), ...Object.keys(now)])) {
    const [from, to] = [
      Object.hasOwn(old, name) ? old[name] : undefined,
      Object.hasOwn(now, name) ? now[name] : undefined,
    ];
    if (equal(from, to)) continue;
    const say = (sentence: string) => changes.push({ option: name, sentence });
    const what = `${quoted(name)} of ${rule}`;
    const show = (values: readonly unknown[]) => (secret ? counted(values.length, 'entry', 'entries') : named(values));
    const lists = Array.isArray(from) && Array.isArray(to) && ![...from, ...to].some(isNegation);
    const added = lists ? without(to, from) : [];
    const gone = lists ? without(from, to) : [];
    if (lists && added.length + gone.length > 0 && EXCEPTIONS.has(name)) {
      if (added.length) say(`Widens ${what} by ${show(added)}`);
    } else if (lists && added.length + gone.length > 0 && DEMANDS.has(name)) {
      if (gone.length) say(`Takes ${show(gone)} out of ${what}`);
    } else if (typeof from === 'number' && typeof to === 'number' && (CEILING.test(name) || FLOOR.test(name))) {
      if (CEILING.test(name) === to > from) say(`${to > from ? 'Raises' : 'Lowers'} ${what} from ${from} to ${to}`);
    } else {
      const values = secret ? '' : ` from ${shown(from)} to ${shown(to)}`;
      say(`Changes ${what}${values}, which may let more through`);
    }
  }
  return changes;
}

const fieldsOf = (options: unknown): Record<string, unknown> =>
  typeof options === 'object' && options !== null && !Array.isArray(options)
    ? (options as Record<string, unknown>)
    : { options };

const isNegation = (entry: unknown): boolean => typeof entry === 'string' && entry.startsWith('!');

/** The entries of `list` that `other` does not have. */
export function without<T>(list: readonly T[], other: readonly unknown[]): T[] {
  const known = new Set(other.map(canonical));
  return list.filter((entry) => !known.has(canonical(entry)));
}

export const equal = (a: unknown, b: unknown): boolean => canonical(a) === canonical(b);

/** For a sentence: the first three of a list, and how many more there are. */
export function named(values: readonly unknown[], show: (value: unknown) => string = shown): string {
  const first = values.slice(0, 3).map(show);
  const more = values.length - first.length;
  if (more > 0) return `${first.join(', ')} and ${more} more`;
  return first.length > 1 ? `${first.slice(0, -1).join(', ')} and ${first.at(-1)}` : (first[0] ?? 'nothing');
}

const counted = (count: number, one: string, many: string) => `${count} ${count === 1 ? one : many}`;

function shown(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (Array.isArray(value)) return value.length ? `[${named(value)}]` : 'an empty list';
  return typeof value === 'string' ? quoted(value) : quoted(canonical(value)).slice(1, -1).replaceAll('\\"', '"');
}
