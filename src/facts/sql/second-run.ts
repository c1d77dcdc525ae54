import type { Subjects } from '../../core/fact.ts';
import { isNotice } from '../../core/notice.ts';
import type { Snapshot } from '../../core/snapshot.ts';
import { sqlFile } from './files.ts';
import { guardOf, type Guard } from './guards.ts';
import type { Operation } from './operation.ts';
import { pastOf, stepsOf, type Step } from './past.ts';
import { addsRows, driftsBy } from './second-run/data.ts';
import { emptyCatalogue, printThing, type Catalogue, type Thing } from './second-run/catalogue.ts';
import { effectsOf, impliedName, type Effect } from './second-run/effects.ts';
import { statements } from './statements.ts';
import type { SqlFile } from './read.ts';
import type { JudgedStatement, Statement } from './statement.ts';

/** What happens to an operation when its migration runs a second time, all of it from its start, in a new session. */
export type Outcome =
  /** It fails: what it makes is there already. */
  | { readonly kind: 'exists' }
  /** It fails: what it takes away, renames or moves is gone already, perhaps with its table. */
  | { readonly kind: 'gone'; readonly withTable: boolean }
  /** It succeeds, and makes another one beside the first: a constraint without a name, a row. */
  | { readonly kind: 'again' }
  /** It succeeds, and changes a value that it has changed before. */
  | { readonly kind: 'drift' }
  /** It fails on what a later statement of the file has done. */
  | {
      /** 'missing': took away what it needs; 'held': put something on what it drops or changes; 'outgrown': made more of what it replaces. */
      readonly kind: 'missing' | 'held' | 'outgrown';
      /** In words: "column users.email". */
      readonly what: string;
      readonly later: Statement | undefined;
    };

/** An operation of a changed migration that does not bear a second run. */
export interface SecondRun extends Step {
  readonly statement: JudgedStatement;
  readonly file: SqlFile;
  readonly outcome: Outcome;
}

/** Operations of changed migrations that fail, or do their work once more, when their file runs a second time. */
export const secondRuns: Subjects<SecondRun> = async function* (change) {
  for await (const statement of statements(change)) {
    if (isNotice(statement)) {
      yield statement;
      continue;
    }
    const file = await sqlFile(change.head, statement.path);
    if (isNotice(file)) continue;
    const outcomes = await outcomesOf(change.head, statement, file);
    for (const { operation, by } of stepsOf(file)) {
      const outcome = by.index === statement.index ? outcomes.get(operation) : undefined;
      if (outcome) yield { statement, operation, by, file, outcome };
    }
  }
};

/** The outcome of each operation of the statement's file that does not bear a second run. */
async function outcomesOf(snapshot: Snapshot, statement: JudgedStatement, file: SqlFile): Promise<ReadonlyMap<Operation, Outcome>> {
  const outcomes = known.get(file) ?? simulate(stepsOf(file), await pastOf(snapshot, { ...statement, index: 0 }));
  known.set(file, outcomes);
  return outcomes;
}

const known = new WeakMap<SqlFile, ReadonlyMap<Operation, Outcome>>();

/** Runs the steps twice over a catalogue that knows only what they tell of it. */
function simulate(steps: readonly Step[], past: readonly Step[]): ReadonlyMap<Operation, Outcome> {
  const changesPath = steps.some(({ operation }) => 'setting' in operation && operation.setting === 'search_path');
  const catalogue = emptyCatalogue(changesPath ? undefined : 'public');
  const guarded = guardedSteps(steps);
  const whole = [...past, ...steps];
  const repeats = new Set(steps.filter(({ operation }) => addsRows(operation, whole) || driftsBy(operation) !== undefined));
  const passing = new Set(steps.flatMap(({ operation }) => passingColumn(operation) ?? []));
  const prepared = groupsOf(steps).map((group) =>
    group.map((step): Prepared => {
      const { operation, by } = step;
      return { operation, by, effects: effectsOf(step, repeats.has(step), passing), guarded: guarded.has(step) };
    }),
  );

  // Where even the first run would fail, the catalogue has misunderstood something, and its word counts for nothing.
  const doubted = new Set<Operation>();
  for (const group of prepared) {
    for (const { operation, by, effects } of group) {
      for (const effect of effects) {
        if (hinders(catalogue, effect, operation)) doubted.add(operation);
        perform(catalogue, effect, by);
      }
    }
  }
  catalogue.endSession();

  const outcomes = new Map<Operation, Outcome>();
  const left = new Set<Guard>();
  for (const group of prepared) {
    if (group[0]!.by.guards.some((guard) => left.has(guard))) continue;
    catalogue.attempt(() => {
      let fails = false;
      for (const prepared of group) {
        const outcome = outcomeOf(catalogue, prepared);
        if (!outcome || doubted.has(prepared.operation)) continue;
        const handler = handlerOf(prepared, outcome);
        if (handler) left.add(handler);
        else outcomes.set(prepared.operation, outcome);
        fails ||= outcome.kind !== 'again' && outcome.kind !== 'drift';
      }
      return !fails;
    });
  }
  return outcomes;
}

interface Prepared extends Step {
  readonly effects: readonly Effect[];
  readonly guarded: boolean;
}

/** The name of a column that is dropped or renamed. */
const passingColumn = (operation: Operation): string | undefined =>
  operation.kind === 'drop column' ? operation.column : operation.kind === 'rename column' ? operation.name.name : undefined;

/** Operations of one statement stand together. Of ALTER TABLE, PostgreSQL drops first. */
function groupsOf(steps: readonly Step[]): Step[][] {
  const groups: Step[][] = [];
  for (const step of steps) {
    const last = groups.at(-1);
    if (last && last[0]!.by === step.by) last.push(step);
    else groups.push([step]);
  }
  const drops = ({ operation: { kind } }: Step): boolean => kind === 'drop column' || kind === 'drop constraint';
  return groups.map((group) => [...group.filter(drops), ...group.filter((step) => !drops(step))]);
}

/** What keeps the second run of an operation from going well, if anything; where nothing does, it is performed. */
function outcomeOf(catalogue: Catalogue, { operation, by, effects, guarded }: Prepared): Outcome | undefined {
  for (const effect of effects) {
    if (isSkipped(catalogue, operation, effect)) return undefined;
    const outcome = guarded ? undefined : hinders(catalogue, effect, operation);
    if (outcome) return outcome;
    perform(catalogue, effect, by);
  }
  return undefined;
}

/** IF EXISTS and IF NOT EXISTS: the rest of the operation is left out. */
function isSkipped(catalogue: Catalogue, operation: Operation, effect: Effect): boolean {
  if (effect.does === 'make' && effect.second === 'skip') return catalogue.find(effect.what)?.present === true;
  if ('tableIfExists' in operation && operation.tableIfExists && 'what' in effect && effect.what.on) {
    return catalogue.find(effect.what.on)?.present === false;
  }
  return false;
}

/** Why PostgreSQL does not do this, or should not, as the catalogue stands. */
function hinders(catalogue: Catalogue, effect: Effect, operation: Operation): Outcome | undefined {
  if (effect.does === 'need') {
    const found = effect.oneOf.map((ref) => catalogue.find(ref) ?? (ref.on && goneIn(catalogue.find(ref.on))));
    const gone = found.find((thing) => thing?.present === false);
    return gone && !found.some((thing) => thing?.present) ? missing(gone) : undefined;
  }
  const { what } = effect;
  const container = what.on && catalogue.find(what.on);
  const thing = catalogue.find(what);
  switch (effect.does) {
    case 'make':
      if (container?.present === false) return missing(container);
      if (!thing?.present) return undefined;
      if (effect.second === 'replace') return outgrown(thing, effect.shape);
      if (effect.second === 'skip') return undefined;
      return { kind: effect.second === 'fail' ? 'exists' : effect.second };
    case 'take': {
      const held = thing?.present && !effect.cascade ? catalogue.dependents(thing)[0] : undefined;
      if (held) return { kind: 'held', what: printThing(held), later: held.by };
      // DROP POLICY, TRIGGER and RULE IF EXISTS tolerate that the table is gone; ALTER TABLE ... DROP ... IF EXISTS does not.
      if (container?.present === false && (!effect.optional || 'tableIfExists' in operation)) return { kind: 'gone', withTable: true };
      return thing?.present === false && !effect.optional ? { kind: 'gone', withTable: false } : undefined;
    }
    case 'move': {
      if (container?.present === false) return effect.optional ? undefined : missing(container);
      if (thing?.present === false) return effect.optional ? undefined : { kind: 'gone', withTable: false };
      const there = catalogue.find({ ...what, name: effect.to });
      return there?.present && there !== thing ? { kind: 'exists' } : undefined;
    }
    case 'retype': {
      if (container?.present === false) return missing(container);
      if (thing?.present === false) return missing(thing);
      const held = thing && catalogue.dependents(thing).find(({ space, label }) => FORBID_RETYPE.has(space) || FORBID_RETYPE.has(label));
      return held && { kind: 'held', what: printThing(held), later: held.by };
    }
    default:
      return container?.present === false ? missing(container) : thing?.present === false ? missing(thing) : undefined;
  }
}

const FORBID_RETYPE: ReadonlySet<string> = new Set(['view', 'materialized view', 'policy', 'trigger']);

const goneIn = (container: Thing | undefined): Thing | undefined => (container?.present === false ? container : undefined);

const missing = (thing: Thing): Outcome => ({ kind: 'missing', what: printThing(thing), later: thing.by });

/** OR REPLACE may add columns to a view and change nothing else about it; of a function it changes the body alone. */
function outgrown(thing: Thing, shape: readonly string[] | undefined): Outcome | undefined {
  if (!thing.shape || !shape) return undefined;
  const grown = thing.space === 'routine' ? thing.shape.some((item, i) => item !== '' && item !== shape[i]) : thing.shape.some((item, i) => item !== shape[i]);
  return grown ? { kind: 'outgrown', what: printThing(thing), later: thing.by } : undefined;
}

/** Makes it so, as far as it is not so already. */
function perform(catalogue: Catalogue, effect: Effect, by: Statement): void {
  if (effect.does === 'need') {
    // What the statement could not do without was there.
    const [only] = effect.oneOf;
    if (effect.oneOf.length === 1 && only && !catalogue.find(only) && only.space !== 'routine' && only.space !== 'type') catalogue.hold(only);
    return;
  }
  const thing = catalogue.find(effect.what);
  switch (effect.does) {
    case 'make': {
      const { second, owner, columns, shape, needs } = effect;
      if (!thing?.present) catalogue.make(effect, by);
      else if (second === 'replace') catalogue.change(thing, { by, shape, needs: needs?.flatMap((ref) => catalogue.find(ref) ?? []) ?? [] });
      else if (second === 'skip' && owner) catalogue.change(thing, { owner: catalogue.hold(owner), columns: columns ?? [] });
      return;
    }
    case 'take': {
      const { what, optional, cascade } = effect;
      if (optional && what.on && !catalogue.find(what.on)) return;
      const found = thing ?? catalogue.hold(what);
      if (found.present) catalogue.take(found, by, cascade);
      return;
    }
    case 'move': {
      const { what, to, optional } = effect;
      if (thing?.present === false || (!thing && optional && what.on && !catalogue.find(what.on))) return;
      catalogue.move(thing ?? catalogue.hold(what), to, by);
      return;
    }
    case 'retype':
      catalogue.hold(effect.what);
      return;
    case 'empty':
      if (thing) for (const row of [...catalogue.parts(thing, 'row'), ...catalogue.parts(thing, 'drift')]) catalogue.take(row, by);
      return;
    case 'disown':
      if (thing) for (const grant of catalogue.dependents(thing)) if (grant.space === 'grant') catalogue.take(grant, by);
      return;
  }
}

/** Steps behind a test: their own, or one that another step of the same branch is about. */
function guardedSteps(steps: readonly Step[]): ReadonlySet<Step> {
  const telling = new Set<Guard>();
  for (const step of steps) for (const guard of step.by.guards) if (guard.kind === 'test' && guards(guard, step)) telling.add(guard);
  return new Set(steps.filter(({ by }) => by.guards.some((guard) => telling.has(guard))));
}

const guards = (guard: Guard, { operation, by }: Step): boolean =>
  guardOf({ guards: [guard], text: `${by.text} ${nameLookedFor(operation)}` }, operation) !== undefined;

/** Tests look for the name that PostgreSQL gives a constraint without one. */
const nameLookedFor = (operation: Operation): string =>
  operation.kind === 'add constraint' ? impliedName(operation.table, operation.constraint) : '';

/** The handler that catches a failure. */
function handlerOf(step: Step, outcome: Outcome): Guard | undefined {
  return step.by.guards.find((guard) => {
    if (guard.kind !== 'handler') return false;
    if (guard.conditions.includes('others')) return true;
    switch (outcome.kind) {
      case 'missing':
        return guard.conditions.some((condition) => condition.startsWith('undefined_') || condition === 'invalid_schema_name');
      case 'held':
        return guard.conditions.some((condition) => condition === 'dependent_objects_still_exist' || condition === 'feature_not_supported');
      case 'outgrown':
        return guard.conditions.some((condition) => condition.startsWith('invalid_'));
      default:
        return guards(guard, step);
    }
  });
}
