import { guardOf, type Guard } from '../guards.ts';
import type { Operation } from '../operation.ts';
import type { Past, Step } from '../past.ts';
import { emptyCatalogue, printThing, type Catalogue, type Thing } from './catalogue.ts';
import { addsRows, convertsTwice, driftsBy } from './data.ts';
import { effectsOf, type Effect } from './effects.ts';
import { unreadableLiterals } from './literals.ts';
import { hindrance, isFailure, isSkipped, perform, type Outcome } from './outcome.ts';
import { impliedName } from './refs.ts';

/** A step, and what it does. */
interface Prepared extends Step {
  readonly effects: readonly Effect[];
}

type Test = Extract<Guard, { readonly kind: 'test' }>;

/**
 * Runs the steps of one file twice over a catalogue that knows only what they tell of it, and gives the outcome of each operation
 * that does not bear the second run. `whole`: what runs up to the end of the file.
 */
export function simulate(steps: readonly Step[], whole: Past): ReadonlyMap<Operation, Outcome> {
  const statements = prepare(steps, whole);
  const changesPath = steps.some(({ operation }) => 'setting' in operation && operation.setting === 'search_path');
  const catalogue = emptyCatalogue(changesPath ? undefined : 'public');

  // Where even the first run would fail, the catalogue has misunderstood something, and its word counts for nothing.
  const doubted = new Set<Operation>();
  for (const { operation, by, effects } of statements.flat()) {
    for (const effect of effects) {
      const outcome = hindrance(catalogue, effect, operation);
      if (outcome && isFailure(outcome) && !catalogue.correct(effect)) doubted.add(operation);
      perform(catalogue, effect, by);
    }
  }
  catalogue.endSession();
  const standing = new Set(
    catalogue
      .all()
      .filter(({ present }) => present)
      .map(identity),
  );

  const outcomes = new Map<Operation, Outcome>();
  const unreadable = unreadableLiterals(steps, whole);
  const tests = tellingTests(statements.flat());
  const left = new Set<Guard>();
  const entered = new Set<Guard>();
  let lastFailure = -1;
  statements.forEach((statement, index) => {
    const { guards } = statement[0]!.by;
    for (const [test, tellers] of tests) {
      if (!guards.includes(test) || entered.has(test)) continue;
      entered.add(test);
      if (tellers.some((step) => excuses(test, step, catalogue))) left.add(test);
    }
    // A branch that is not taken, or a block that an earlier statement of it has left for a handler.
    if (guards.some((guard) => left.has(guard))) return;
    catalogue.attempt(() => {
      let fails = false;
      for (const step of statement) {
        const outcome = doubted.has(step.operation)
          ? undefined
          : (outcomeOf(catalogue, step) ?? unreadable.get(step.operation));
        if (!outcome) continue;
        const handler = handlerOf(step, outcome);
        if (handler) left.add(handler);
        else outcomes.set(step.operation, outcome);
        fails ||= isFailure(outcome);
      }
      if (fails) lastFailure = index;
      return !fails;
    });
  });
  for (const [operation, outcome] of losses(catalogue, standing, statements.slice(lastFailure + 1))) {
    if (!outcomes.has(operation)) outcomes.set(operation, outcome);
  }
  return outcomes;
}

function prepare(steps: readonly Step[], whole: Past): readonly (readonly Prepared[])[] {
  const passing = new Set(steps.flatMap(({ operation }) => passingColumn(operation) ?? []));
  const repeats = (step: Step): boolean =>
    addsRows(step, whole) || driftsBy(step.operation) !== undefined || convertsTwice(step.operation);
  return byStatement(steps).map((statement) =>
    statement.map((step) => ({ ...step, effects: effectsOf(step, repeats(step), passing) })),
  );
}

/** The name of a column that is dropped or renamed. */
function passingColumn(operation: Operation): string | undefined {
  if (operation.kind === 'drop column') return operation.column;
  return operation.kind === 'rename column' ? operation.name.name : undefined;
}

/** Operations of one statement stand together. Of ALTER TABLE, PostgreSQL drops first. */
function byStatement(steps: readonly Step[]): Step[][] {
  const groups: Step[][] = [];
  for (const step of steps) {
    const last = groups.at(-1);
    if (last?.[0]!.by === step.by) last.push(step);
    else groups.push([step]);
  }
  const drops = ({ operation: { kind } }: Step): boolean => kind === 'drop column' || kind === 'drop constraint';
  return groups.map((group) => [...group.filter(drops), ...group.filter((step) => !drops(step))]);
}

/** What keeps the second run of an operation from going well, if anything; as far as nothing does, it is performed. */
function outcomeOf(catalogue: Catalogue, { operation, by, effects }: Prepared, performs = true): Outcome | undefined {
  for (const effect of effects) {
    if (isSkipped(catalogue, effect, operation)) return undefined;
    const outcome = hindrance(catalogue, effect, operation);
    if (outcome) return outcome;
    perform(catalogue, effect, by);
  }
  return undefined;
}

/** What stood after the first run, and is gone after the second one, to the drop that took it away. */
function losses(
  catalogue: Catalogue,
  standing: ReadonlySet<string>,
  statements: readonly (readonly Prepared[])[],
): Map<Operation, Outcome> {
  const found = new Map<Operation, Outcome>();
  const all = catalogue.all();
  const left = new Set(all.filter(({ present }) => present).map(identity));
  for (const thing of all) {
    // What went with its table is nobody's loss where the table is made again, and where it is not, the table is the loss.
    if (thing.present || thing.on?.present === false || thing.owner?.present === false || UNTOLD.has(thing.space))
      continue;
    if (!standing.has(identity(thing)) || left.has(identity(thing))) continue;
    const taker = statements
      .flat()
      .find(({ by, effects }) => by === thing.by && effects.some(({ does }) => does === 'take'));
    if (taker && !found.has(taker.operation)) {
      found.set(taker.operation, { kind: 'lost', what: printThing(thing), later: undefined });
    }
  }
  return found;
}

/** What is no object of its own. */
const UNTOLD: ReadonlySet<string> = new Set(['row', 'drift', 'grant', 'parent', 'default']);

const identity = (thing: Thing): string =>
  `${thing.space} ${printThing({ ...thing, label: '' })} ${thing.signature ?? ''}`;

/** Tests, and the steps behind each that it is about: it lets its branch run only where they can. */
function tellingTests(steps: readonly Prepared[]): ReadonlyMap<Test, readonly Prepared[]> {
  const found = new Map<Test, Prepared[]>();
  for (const step of steps) {
    for (const guard of step.by.guards) {
      if (guard.kind === 'test' && protects(guard, step)) found.set(guard, [...(found.get(guard) ?? []), step]);
    }
  }
  return found;
}

/** Whether the test finds what would go wrong, and leaves its branch out. One that cannot be read is believed. */
function excuses({ expects }: Test, { operation, effects }: Prepared, catalogue: Catalogue): boolean {
  if (expects === 'unknown') return true;
  const unseen = expects === 'absent' ? UNSEEN_BY_ABSENCE : UNSEEN_BY_PRESENCE;
  return effects.some((effect) => {
    const outcome = hindrance(catalogue, effect, operation);
    return outcome !== undefined && !unseen.has(outcome.kind);
  });
}

/** A test for absence sees what is there already, and one for presence what is gone. */
const UNSEEN_BY_ABSENCE: ReadonlySet<Outcome['kind']> = new Set(['missing', 'held']);
const UNSEEN_BY_PRESENCE: ReadonlySet<Outcome['kind']> = new Set(['exists', 'held', 'outgrown']);

function protects(guard: Guard, { operation, by }: Step): boolean {
  // A rename may look for the old name, or for the new one.
  if (guard.kind === 'test' && guard.expects === 'absent' && 'to' in operation && guard.names.includes(operation.to))
    return true;
  // Tests look for the name that PostgreSQL gives a constraint without one.
  const implied = operation.kind === 'add constraint' ? impliedName(operation.table, operation.constraint) : '';
  return guardOf({ guards: [guard], text: `${by.text} ${implied}` }, operation) !== undefined;
}

/** The handler that catches a failure. */
function handlerOf(step: Step, { kind }: Outcome): Guard | undefined {
  return step.by.guards.find((guard) => {
    if (guard.kind !== 'handler') return false;
    if (guard.conditions.includes('others')) return true;
    const catches = CATCHING[kind];
    return catches ? guard.conditions.some((condition) => catches.test(condition)) : protects(guard, step);
  });
}

/** Condition names, where the operation's own are not meant. */
const CATCHING: Partial<Record<Outcome['kind'], RegExp>> = {
  missing: /^undefined_|^invalid_schema_name$/,
  held: /^(?:dependent_objects_still_exist|feature_not_supported)$/,
  outgrown: /^invalid_/,
};
