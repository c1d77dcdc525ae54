import { createHash } from 'node:crypto';
import type { ChangeSet } from '../core/change.ts';
import type { Subjects } from '../core/fact.ts';
import type { Draft, Finding, Range, Severity } from '../core/finding.ts';
import { isNotice, NotJudged, type Notice } from '../core/notice.ts';
import type { AnyRule } from '../core/rule.ts';
import { changedRanges, touches } from './lines.ts';

/** A rule with one set of options, and the severity that the policy gives it at each path. */
export interface ActiveRule {
  readonly rule: AnyRule;
  readonly options: unknown;
  /** 'off' where another set of options, or none, is in force there. */
  severityAt(path: string | undefined): Promise<Severity | 'off'>;
}

export interface Outcome {
  readonly findings: readonly Finding[];
  /** In touched files, on lines that the change left alone: never reported, and what an allow there may be for. */
  readonly beyond: readonly Finding[];
  readonly notices: readonly Notice[];
}

/** By stream, its subjects and notices. */
export type Given = ReadonlyMap<Subjects<unknown>, Iterable<unknown>>;

/** Walks every stream of subjects once and asks each rule over it. Knows no rule, no file format and no Git. */
export async function run(change: ChangeSet, active: readonly ActiveRule[], given?: Given): Promise<Outcome> {
  const touched = new Set(change.changes.flatMap(({ path, from }) => (from === undefined ? [path] : [path, from])));
  const findings: Finding[] = [];
  const beyond: Finding[] = [];
  let applied = 0;
  const notices = new Map<string, Notice>();
  const note = (notice: Notice) => void notices.set(`${notice.notice}\0${notice.path}\0${notice.message}`, notice);
  const counted = countedRanges(change, note);
  const contexts = new Map(active.map((one) => [one, { ...change, options: one.options }]));

  const keep = async ({ rule, severityAt }: ActiveRule, draft: Draft) => {
    const { path, range } = draft.at;
    if (path !== undefined && !touched.has(path) && !(await differs(change, path))) return;
    const severity = await severityAt(path);
    if (severity === 'off') return;
    if (rule.untilApplied && path !== undefined && change.applied?.has(path)) {
      applied++;
      return;
    }
    const ranges = path !== undefined && range && rule.counts !== 'file' ? await counted(path) : undefined;
    const counts = !ranges || !range || touches(ranges, range);
    (counts ? findings : beyond).push(finish(draft, rule, severity));
  };
  const take = async (one: ActiveRule, said: Draft | Notice) => {
    if (isNotice(said)) note({ ...said, rule: one.rule.id });
    else await keep(one, said);
  };

  for (const [subjects, asked] of byStream(active)) {
    try {
      for await (const subject of given?.get(subjects) ?? subjects(change)) {
        if (isNotice(subject)) {
          note(subject);
          continue;
        }
        for (const one of asked) {
          try {
            const drafts = one.rule.check(subject, contexts.get(one)!);
            // Most subjects are nothing to most rules: not to wait for each answer is a third of an audit.
            if (Symbol.iterator in drafts) for (const draft of drafts) await take(one, draft);
            else for await (const draft of drafts) await take(one, draft);
          } catch (error) {
            if (error instanceof NotJudged) note({ ...pathOf(subject), ...error.notice, rule: one.rule.id });
            else findings.push(broken(one.rule, error));
          }
        }
      }
    } catch (error) {
      // The stream itself failed: each rule that hangs on it could not judge.
      for (const one of asked) findings.push(broken(one.rule, error));
    }
  }
  if (applied > 0) note(alreadyApplied(applied));
  return {
    findings: distinct(findings).sort(inReadingOrder),
    beyond: distinct(beyond),
    notices: [...notices.values()],
  };
}

const pathOf = (subject: unknown): Pick<Notice, 'path'> => {
  const path = typeof subject === 'object' && subject !== null && 'path' in subject ? subject.path : undefined;
  return typeof path === 'string' ? { path } : {};
};

/** What a clean merge brings is nobody's change, and yet two sides can collide in it: rules about the whole tree find that. */
async function differs({ base, head }: ChangeSet, path: string): Promise<boolean> {
  const [before, after] = await Promise.all([base.entry(path), head.entry(path)]);
  return before?.oid !== after?.oid || before?.mode !== after?.mode;
}

const alreadyApplied = (count: number): Notice => ({
  notice: 'applied',
  message: `${count} ${count === 1 ? 'finding lies' : 'findings lie'} in migrations that have already run, where no edit can mend them: counted, not shown.`,
});

function byStream(active: readonly ActiveRule[]): Map<Subjects<unknown>, ActiveRule[]> {
  const streams = new Map<Subjects<unknown>, ActiveRule[]>();
  for (const one of active) streams.set(one.rule.over, [...(streams.get(one.rule.over) ?? []), one]);
  return streams;
}

/** For a modified file, the stretches that are new; undefined where the whole file counts. */
function countedRanges({ base, head, changes }: ChangeSet, note: (notice: Notice) => void) {
  const modified = new Set(changes.flatMap(({ path, kind }) => (kind === 'modified' ? [path] : [])));
  const known = new Map<string, Promise<readonly Range[] | undefined>>();
  const derive = async (path: string) => {
    const was = await base.content(path);
    if (was.kind === 'unreadable') {
      // Old lines must not be blamed on whoever touched another one.
      note({ notice: 'not-judged', message: `What is new in ${path} cannot be told: ${was.why}.`, path, needed: true });
      return [];
    }
    const [before, after] = [was.kind === 'text' ? was.text : undefined, await head.read(path)];
    return before === undefined || after === undefined ? undefined : changedRanges(before, after);
  };
  return (path: string): Promise<readonly Range[] | undefined> => {
    if (!modified.has(path)) return Promise.resolve(undefined);
    const ranges = known.get(path) ?? derive(path);
    known.set(path, ranges);
    return ranges;
  };
}

const RANK: Record<Severity, number> = { info: 0, warning: 1, error: 2 };

function finish(draft: Draft, { id }: AnyRule, set: Severity): Finding {
  const severity = draft.atMost && RANK[draft.atMost] < RANK[set] ? draft.atMost : set;
  const { excused } = draft;
  const status =
    excused === undefined ? { status: 'reported' as const } : { status: 'allowed' as const, reason: excused };
  return { ...draft, rule: id, severity, fingerprint: fingerprint(id, draft), ...status };
}

const fingerprint = (rule: string, { at, about }: Pick<Draft, 'at' | 'about'>): string =>
  createHash('sha256')
    .update([rule, at.path ?? '', about].join('\0'))
    .digest('hex')
    .slice(0, 16);

/** A rule that throws is a fault of the rule, shown as an error: never a crash, never a pass. */
function broken(rule: AnyRule, error: unknown): Finding {
  const reason = (error instanceof Error ? error.message : String(error)).slice(0, 200);
  const draft: Draft = {
    message: `The rule ${rule.id} failed and judged nothing: ${reason}`,
    at: {},
    about: `failed: ${reason}`,
  };
  return { ...finish(draft, rule, 'error'), failure: true };
}

/** Two variants of a rule may see the same thing: it is said once, with the greater severity. */
function distinct(findings: readonly Finding[]): Finding[] {
  const seen = new Map<string, Finding>();
  for (const finding of findings) {
    const { rule, at, about, message } = finding;
    const key = [rule, at.path, at.range?.[0], at.range?.[1], at.commit, about, message].join('\0');
    const other = seen.get(key);
    if (!other || RANK[other.severity] < RANK[finding.severity]) seen.set(key, finding);
  }
  return [...seen.values()];
}

export const inReadingOrder = (a: Finding, b: Finding): number =>
  compare(a.at.path ?? '', b.at.path ?? '') ||
  (a.at.range?.[0] ?? 0) - (b.at.range?.[0] ?? 0) ||
  compare(a.rule, b.rule) ||
  compare(a.about, b.about);

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
