import type { Constraint } from '../column.ts';
import { printColumn, printIdentifier, printName, type Name } from '../name.ts';
import type { Statement } from '../statement.ts';
import type { Effect, Make } from './effects.ts';
import type { Ref } from './refs.ts';

/** An object that a file has had to do with: it stands, or it is known to be gone. */
export interface Thing {
  readonly space: string;
  readonly label: string;
  readonly signature: string | undefined;
  readonly name: Name;
  readonly on: Thing | undefined;
  readonly present: boolean;
  /** The statement that made it, renamed it or took it away; absent for what the file found. */
  readonly by: Statement | undefined;
  readonly needs: readonly Thing[];
  /** What takes it along. */
  readonly owner: Thing | undefined;
  readonly columns: readonly string[];
  readonly shape: readonly string[] | undefined;
  readonly key: Constraint | undefined;
  readonly temporary: boolean;
  /** The file made it: its label is its kind, and not only what a statement takes it for. */
  readonly told: boolean;
  /** False for what IF NOT EXISTS may have made, or found in another shape. */
  readonly certain: boolean;
}

/** The objects of a database, as far as one file tells of them. What nobody has spoken of is unknown, and may be either. */
export interface Catalogue {
  /** The object, there or gone; undefined for one that is unknown. */
  readonly find: (ref: Ref) => Thing | undefined;
  /** The object, taken to be there where it is unknown. */
  readonly hold: (ref: Ref) => Thing;
  /** Puts a new one in place of what had the name. */
  readonly make: (make: Make, by: Statement) => Thing;
  /** `by` takes it away, with all that goes with it; with `cascade`, also what needs it. */
  readonly take: (thing: Thing, by: Statement, cascade?: boolean) => void;
  readonly move: (thing: Thing, to: Name, by: Statement) => void;
  readonly change: (thing: Thing, patch: Partial<Thing>) => void;
  readonly resolve: (oneOf: readonly Ref[]) => readonly Thing[];
  /** Forgets what is in the way of an effect that happened, where it was not certain, or adds what it must have found; false where neither helps. */
  readonly correct: (effect: Effect) => boolean;
  /** The object is unknown from now on. */
  readonly forget: (thing: Thing) => void;
  readonly all: () => readonly Thing[];
  /** What goes with it. */
  readonly parts: (thing: Thing) => readonly Thing[];
  /** What stands and needs it, or one of its parts. */
  readonly dependents: (thing: Thing) => readonly Thing[];
  /** Temporary objects are gone. */
  readonly endSession: () => void;
  /** Does something; takes it back unless `attempt` says that it went well. */
  readonly attempt: (attempt: () => boolean) => void;
}

/** `schema`: where names without one live; undefined where the file changes search_path, and they may live anywhere. */
export function emptyCatalogue(schema: string | undefined): Catalogue {
  const byName = new Map<string, Thing[]>();
  const all = new Set<Thing>();
  let undo: (() => void)[] = [];

  const schemaOf = (name: Name): string | undefined => name.schema ?? schema;
  const agree = (a: string | undefined, b: string | undefined): boolean =>
    a === undefined || b === undefined || a === b;
  const keyOf = ({ space, name }: Pick<Thing, 'space' | 'name'>): string => `${space} ${name.name}`;

  const enter = (thing: Thing): void => {
    const key = keyOf(thing);
    byName.set(key, [...(byName.get(key) ?? []), thing]);
    all.add(thing);
  };
  const leave = (thing: Thing): void => {
    const key = keyOf(thing);
    byName.set(
      key,
      (byName.get(key) ?? []).filter((other) => other !== thing),
    );
    all.delete(thing);
  };
  const add = (thing: Thing): Thing => {
    enter(thing);
    undo.push(() => leave(thing));
    return thing;
  };
  const change = (thing: Thing, patch: Partial<Thing>): void => {
    const before = { ...thing };
    leave(thing);
    Object.assign(thing, patch);
    enter(thing);
    undo.push(() => {
      leave(thing);
      Object.assign(thing, before);
      enter(thing);
    });
  };

  const find = (ref: Ref): Thing | undefined => {
    const on = ref.on && find(ref.on);
    if (ref.on && !on) return undefined;
    const named = byName
      .get(keyOf(ref))
      ?.filter(
        (thing) =>
          thing.on === on &&
          (on !== undefined || agree(schemaOf(thing.name), schemaOf(ref.name))) &&
          (ref.signature === undefined || thing.signature === undefined || thing.signature === ref.signature),
      );
    // What stands hides what is gone.
    return named?.find(({ present }) => present) ?? named?.at(-1);
  };
  const hold = (ref: Ref): Thing => {
    const known = find(ref);
    if (known) return known;
    return add(blank(ref, ref.on && hold(ref.on), undefined));
  };
  const blank = ({ space, label, name, signature }: Ref, on: Thing | undefined, by: Statement | undefined): Thing => ({
    space,
    label,
    signature,
    name,
    on,
    present: true,
    by,
    needs: [],
    owner: undefined,
    columns: [],
    shape: undefined,
    key: undefined,
    temporary: false,
    told: false,
    certain: true,
  });

  const forget = (thing: Thing): void => {
    leave(thing);
    undo.push(() => enter(thing));
  };
  /** The one of them that stands; none where that is not certain. */
  const resolve = (oneOf: readonly Ref[]): readonly Thing[] => {
    const standing = oneOf.flatMap((ref) => {
      const on = ref.name.name === '*' ? ref.on && find(ref.on) : undefined;
      const found = on ? belongings(on).filter(({ space }) => space === 'column') : [find(ref)];
      const known = found.filter((thing) => thing?.present === true) as Thing[];
      return known.length > 0 ? [known] : [];
    });
    return standing.length === 1 ? standing[0]! : [];
  };
  const make = (wanted: Make, by: Statement): Thing => {
    const { what, needs = [], owner, columns = [], shape, key, temporary = false, parts = [] } = wanted;
    const old = find(what);
    if (old) {
      leave(old);
      undo.push(() => enter(old));
    }
    const thing = add({
      ...blank(what, what.on && hold(what.on), by),
      needs: needs.flatMap(resolve),
      owner: owner && hold(owner),
      columns,
      shape,
      key,
      temporary,
      told: true,
    });
    for (const part of parts) change(make(part, by), { certain: wanted.second !== 'skip' });
    return thing;
  };

  /** Parts, what it owns, and for a column what stands on it. */
  const belongings = (thing: Thing): Thing[] =>
    [...all].filter(
      (other) =>
        other.present &&
        (other.on === thing ||
          other.owner === thing ||
          (thing.space === 'column' &&
            (other.on === thing.on || other.owner === thing.on) &&
            other.columns.includes(thing.name.name)) ||
          (thing.space === 'schema' &&
            other.on === undefined &&
            schemaOf(other.name) === thing.name.name &&
            other !== thing)),
    );
  const withParts = (thing: Thing, found = new Set<Thing>()): Set<Thing> => {
    if (found.has(thing)) return found;
    found.add(thing);
    for (const part of belongings(thing)) withParts(part, found);
    return found;
  };
  const dependents = (thing: Thing): Thing[] => {
    const going = withParts(thing);
    return [...all].filter(
      (other) =>
        other.present && !going.has(other) && (other.needs.some((need) => going.has(need)) || refersTo(other, thing)),
    );
  };
  const take = (thing: Thing, by: Statement, cascade = false): void => {
    const needing = cascade ? dependents(thing) : [];
    for (const part of withParts(thing)) change(part, { present: false, by });
    for (const other of needing) if (other.present) take(other, by, true);
  };

  return {
    find,
    hold,
    make,
    take,
    change,
    resolve,
    all: () => [...all],
    forget,
    correct: (effect) => {
      if (effect.does === 'need') {
        // A column that one table has no longer is another's, whose columns nobody has spoken of.
        const open = effect.oneOf.find(
          (ref) => ref.space === 'column' && !find(ref) && find(ref.on!)?.present !== false,
        );
        if (open) hold(open);
        return open !== undefined;
      }
      if (effect.does !== 'make' && effect.does !== 'move') return false;
      const inTheWay = find(effect.does === 'make' ? effect.what : { ...effect.what, name: effect.to });
      if (!inTheWay?.present || inTheWay.certain) return false;
      forget(inTheWay);
      return true;
    },
    move: (thing, to, by) => {
      const gone = { ...blank(thing, thing.on, by), present: false };
      const there = find({ ...thing, name: to, on: thing.on && refTo(thing.on) });
      if (there && there !== thing) {
        leave(there);
        undo.push(() => enter(there));
      }
      // The index behind a constraint has its name.
      const twin =
        thing.space === 'constraint' ? belongings(thing).find(({ space }) => space === 'relation') : undefined;
      if (twin) change(twin, { name: { ...twin.name, name: to.name }, by });
      change(thing, { name: thing.on ? { name: to.name } : to, by });
      add(gone);
    },
    parts: belongings,
    dependents,
    endSession: () => {
      for (const thing of all)
        if (thing.temporary && thing.present)
          for (const part of withParts(thing)) change(part, { present: false, by: undefined });
    },
    attempt: (attempt) => {
      undo = [];
      if (attempt()) return;
      for (const step of undo.reverse()) step();
      undo = [];
    },
  };
}

const refTo = ({ space, label, name, on, signature }: Thing): Ref => ({
  space,
  label,
  name,
  signature,
  on: on && refTo(on),
});

/** Whether a foreign key refers to the columns of this key. */
function refersTo({ key, needs }: Thing, { key: target, on }: Thing): boolean {
  if (!target || key?.kind !== 'foreign key' || !on || !needs.includes(on)) return false;
  if (target.kind !== 'primary key' && target.kind !== 'unique') return false;
  const columns = key.references?.columns ?? [];
  if (columns.length === 0) return target.kind === 'primary key';
  return columns.length === target.columns.length && columns.every((column) => target.columns.includes(column));
}

/** "column users.email", "policy p on notes", "function f". */
export function printThing({
  label,
  name,
  on,
}: Pick<Thing, 'label' | 'name'> & { readonly on?: Pick<Thing, 'name'> | undefined }): string {
  if (!on) return `${label} ${printName(name)}`;
  if (label === 'column' || label.endsWith(' column')) return `${label} ${printColumn(on.name, name.name)}`;
  if (label === 'policy' || label === 'trigger' || label === 'rule')
    return `${label} ${printIdentifier(name.name)} on ${printName(on.name)}`;
  return `${label} ${printIdentifier(name.name)} of ${printName(on.name)}`;
}
