import type { Operation } from '../operation.ts';
import type { Statement } from '../statement.ts';
import { printName } from '../name.ts';
import { printThing, type Catalogue, type Thing } from './catalogue.ts';
import type { Effect } from './effects.ts';

/** What happens to an operation when its file runs a second time. */
export type Outcome =
  /** It fails: what it makes is there already. */
  | { readonly kind: 'exists' }
  /** It fails: what it takes away, renames or moves is gone already, perhaps with its table. */
  | { readonly kind: 'gone'; readonly withTable: boolean }
  /** It succeeds, and makes another one beside the first: a constraint without a name, a row. */
  | { readonly kind: 'again' }
  /** It succeeds, and changes a value that it has changed before. */
  | { readonly kind: 'drift' }
  | {
      /**
       * What the end of the first run is to blame for. It fails, because that took away what it needs ('missing'), put something
       * on what it drops or changes ('held'), or made more of what it replaces ('outgrown'). Or it succeeds, and takes away what
       * nothing makes again ('lost').
       */
      readonly kind: 'missing' | 'held' | 'outgrown' | 'lost';
      /** In words: "column users.email". */
      readonly what: string;
      readonly later: Statement | undefined;
    };

/** Whether PostgreSQL stops there. */
export const isFailure = ({ kind }: Outcome): boolean => kind !== 'again' && kind !== 'drift' && kind !== 'lost';

/** IF EXISTS and IF NOT EXISTS: the rest of the operation is left out. */
export function isSkipped(catalogue: Catalogue, effect: Effect, operation: Operation): boolean {
  if ('tableIfExists' in operation && operation.tableIfExists && 'what' in effect && effect.what.on) {
    if (catalogue.find(effect.what.on)?.present === false) return true;
  }
  return effect.does === 'make' && effect.second === 'skip' && catalogue.find(effect.what)?.present === true;
}

/** Why PostgreSQL does not do this, or should not, as the catalogue stands; undefined where nothing is known against it. */
export function hindrance(catalogue: Catalogue, effect: Effect, operation: Operation): Outcome | undefined {
  if (effect.does === 'need') {
    const found = effect.oneOf.map((ref) => catalogue.find(ref) ?? (ref.on && gone(catalogue.find(ref.on))));
    const absent = found.find(gone);
    return absent && !found.some((thing) => thing?.present) ? missing(absent) : undefined;
  }
  if (effect.does === 'sweep') return undefined;
  const { what } = effect;
  const thing = catalogue.find(what);
  const container = what.on && catalogue.find(what.on);
  const without = gone(container);
  switch (effect.does) {
    case 'make':
      if (without) return missing(without);
      if (!thing?.present || effect.second === 'skip') return undefined;
      if (effect.second === 'replace') return outgrown(thing, effect.shape);
      return { kind: effect.second === 'fail' ? 'exists' : effect.second };
    case 'take': {
      // DROP VIEW of what is a table now, with or without IF EXISTS.
      if (thing?.present && thing.told && thing.space === 'relation' && thing.label !== what.label)
        return { kind: 'missing', what: `${what.label} ${printName(what.name)}`, later: thing.by };
      const held = thing?.present && !effect.cascade ? catalogue.dependents(thing)[0] : undefined;
      if (held) return { kind: 'held', what: printThing(held), later: held.by };
      // DROP POLICY, TRIGGER and RULE IF EXISTS bear that the table is gone; ALTER TABLE ... DROP ... IF EXISTS does not.
      if (without && (!effect.optional || 'tableIfExists' in operation)) return { kind: 'gone', withTable: true };
      return gone(thing) && !effect.optional ? { kind: 'gone', withTable: false } : undefined;
    }
    case 'move': {
      if (without || gone(thing)) {
        if (effect.optional) return undefined;
        return without ? missing(without) : { kind: 'gone', withTable: false };
      }
      const there = catalogue.find({ ...what, name: effect.to });
      return there?.present && there !== thing ? { kind: 'exists' } : undefined;
    }
    case 'retype': {
      const absent = without ?? gone(thing);
      if (absent) return missing(absent);
      const held = thing && catalogue.dependents(thing).find(({ label }) => FORBID_RETYPE.has(label));
      return held && { kind: 'held', what: printThing(held), later: held.by };
    }
    case 'empty':
    case 'disown': {
      const absent = gone(thing);
      return absent && missing(absent);
    }
  }
}

const FORBID_RETYPE: ReadonlySet<string> = new Set(['view', 'materialized view', 'policy', 'trigger']);

const gone = (thing: Thing | undefined): Thing | undefined => (thing?.present === false ? thing : undefined);

const missing = (thing: Thing): Outcome => ({ kind: 'missing', what: printThing(thing), later: thing.by });

/** OR REPLACE adds columns to a view and names to the arguments of a function: it changes none that is there. */
function outgrown(thing: Thing, shape: readonly string[] | undefined): Outcome | undefined {
  const changed =
    shape && thing.shape?.some((item, i) => item !== shape[i] && (thing.space !== 'routine' || item !== ''));
  return changed ? { kind: 'outgrown', what: printThing(thing), later: thing.by } : undefined;
}

/** Makes it so in the catalogue, as far as it is not so already. */
export function perform(catalogue: Catalogue, effect: Effect, by: Statement): void {
  if (effect.does === 'need') {
    const [only, other] = effect.oneOf;
    // What the statement could not do without was there; functions and types may be PostgreSQL's own.
    if (only && !other && only.space !== 'routine' && only.space !== 'type') catalogue.hold(only);
    return;
  }
  if (effect.does === 'sweep') {
    for (const thing of catalogue.all()) if (effect.labels.has(thing.label)) catalogue.forget(thing);
    return;
  }
  const { what } = effect;
  const thing = catalogue.find(what);
  const isElsewhere = what.on !== undefined && !catalogue.find(what.on);
  switch (effect.does) {
    case 'make': {
      const { second, owner, columns, shape, needs } = effect;
      if (!thing?.present) catalogue.make(effect, by);
      else if (second === 'replace')
        catalogue.change(thing, { by, shape, needs: needs?.flatMap(catalogue.resolve) ?? [] });
      else if (second === 'skip' && owner)
        catalogue.change(thing, { owner: catalogue.hold(owner), columns: columns ?? [] });
      return;
    }
    case 'take': {
      // IF EXISTS on a table that nobody has spoken of tells nothing.
      if (effect.optional && isElsewhere) return;
      const found = thing ?? catalogue.hold(what);
      if (found.present) catalogue.take(found, by, effect.cascade);
      return;
    }
    case 'move':
      if (gone(thing) || (effect.optional && isElsewhere)) return;
      catalogue.move(thing ?? catalogue.hold(what), effect.to, by);
      return;
    case 'retype':
      catalogue.hold(what);
      return;
    case 'empty':
      for (const part of thing ? catalogue.parts(thing) : []) {
        if (part.space === 'row' || part.space === 'drift') catalogue.take(part, by);
      }
      return;
    case 'disown':
      for (const grant of thing ? catalogue.dependents(thing) : [])
        if (grant.space === 'grant') catalogue.take(grant, by);
      return;
  }
}
