import { createHash } from 'node:crypto';
import type { Edit, Finding, Location, Range, Severity } from '../core/finding.ts';
import type { Notice } from '../core/notice.ts';
import type { FrameLine } from './frame.ts';
import { lineHashes } from './line-hash.ts';
import type { Look } from './look.ts';
import { maskedSlice, scrubber, secretRanges, telling, type Scrub } from './masking.ts';
import { source, type Span } from './source.ts';

/** All that a reporter may see: plain data, in which no secret is left. `json` prints the part that CLI.md promises. */
export interface Report {
  /** Of the engine. */
  readonly engine: string;
  /** Digest of the policy. */
  readonly policy: string;
  /** Digest of what was found, and of what could not be judged though a verdict needed it. */
  readonly verdict: string;
  readonly change: ReportedChange;
  /** Sorted by path (those without one first), position, rule. */
  readonly findings: readonly ReportedFinding[];
  /** Sorted by path and message. */
  readonly notices: readonly ReportedNotice[];
  readonly summary: Summary;
  /** The whole catalogue and what else was found by, sorted by id. */
  readonly rules: readonly RuleWords[];
  /** The ids of those that were asked, where that is known. */
  readonly asked: readonly string[];
  /** What was judged beside files and commits: "the commit message". */
  readonly also: readonly string[];
  /** The policy file's path: where findings about the change as a whole are shown by tools that insist on a file. */
  readonly policyFile: string;
}

export interface ReportedChange {
  /** Names of the two snapshots, as people know them. */
  readonly base: string;
  readonly head: string;
  readonly files: number;
  readonly commits: number;
}

/** Lines and columns count from 1; columns are UTF-16 units, the end column is exclusive. Null throughout where there is no such place. */
export interface Place {
  readonly path: string | null;
  readonly line: number | null;
  readonly column: number | null;
  readonly endLine: number | null;
  readonly endColumn: number | null;
  readonly commit: string | null;
  /** The columns in bytes of UTF-8, for tools that count so. */
  readonly bytes: Span['bytes'] | null;
}

export interface ReportedFinding extends Place {
  readonly rule: string;
  readonly severity: Severity;
  readonly message: string;
  readonly about: string;
  readonly fingerprint: string;
  readonly status: Finding['status'];
  readonly reason: string | null;
  readonly title: string;
  readonly why: string;
  readonly instead: string;
  /** Whose path it is, by the policy. */
  readonly owner: string | null;
  /** Where more about the rule is to be read. */
  readonly url: string | null;
  readonly fix: ReportedFix | null;
  readonly related: readonly Place[];
  readonly secret: boolean;
  /** At most three lines; empty where there is no text to show. */
  readonly frame: readonly FrameLine[];
  /** GitHub's hash of the first line, computed over the masked text. */
  readonly lineHash: string | null;
}

export interface ReportedFix {
  readonly title: string;
  /** Empty where they would show a secret. */
  readonly edits: readonly ReportedEdit[];
}

export interface ReportedEdit extends Edit {
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
  readonly bytes: Span['bytes'];
}

export interface ReportedNotice {
  readonly kind: Notice['notice'];
  readonly path: string | null;
  readonly message: string;
  /** A verdict needed it: the run cannot end with exit code 0. */
  readonly needed: boolean;
  /** Whose check said so; null where it holds for all rules. */
  readonly rule: string | null;
}

export interface Summary {
  /** Reported ones, by severity. */
  readonly error: number;
  readonly warning: number;
  readonly info: number;
  readonly allowed: number;
  readonly baselined: number;
  readonly files: number;
  /** How many rules were asked. */
  readonly rules: number;
  readonly ms: number;
}

/** What a reporter says of a rule. A rule of the catalogue is one. */
export interface RuleWords {
  readonly id: string;
  readonly title: string;
  readonly why: string;
  readonly instead: string;
  readonly severity: Severity;
  readonly url?: string;
}

/** Pure; ends in one newline. Formats for machines ignore the look. */
export type Reporter = (report: Report, look?: Partial<Look>) => string;

export interface Reported {
  readonly findings: readonly Finding[];
  readonly notices: readonly Notice[];
  readonly change: ReportedChange;
  /** What was judged beside files and commits, in words: "the commit message". */
  readonly also?: readonly string[];
  readonly policy: string;
  readonly policyFile?: string;
  readonly engine: string;
  /** Every rule of the catalogue. */
  readonly rules: readonly RuleWords[];
  /** How many rules were asked. */
  readonly asked: number;
  readonly askedIds?: readonly string[];
  /** Whose a path is, by the policy. */
  readonly ownerOf?: (path: string) => string | undefined;
  readonly ms: number;
  /** A file's text in head, or in base for a file that head no longer has. */
  read(path: string): Promise<string | undefined>;
  /** A file's text in a commit. Without it, what lies in older commits has neither lines nor frames. */
  readAt?(path: string, commit: string): Promise<string | undefined>;
}

export async function makeReport(input: Reported): Promise<Report> {
  const { scrub, reach } = await scrubbing(input);
  const places = await placed(input, scrub, reach);
  const words = new Map(input.rules.map((rule) => [rule.id, rule]));
  const ownerOf = ({ at: { path } }: Finding): string | null =>
    path === undefined ? null : (input.ownerOf?.(path) ?? null);
  const seen = input.findings.map((finding) => ({
    ...reported(finding, words.get(finding.rule), places, scrub),
    owner: ownerOf(finding),
  }));
  const findings = seen.sort(inOrder);
  const notices = reportedNotices(input.notices, scrub);
  for (const { rule, severity } of findings) {
    if (!words.has(rule)) words.set(rule, { id: rule, title: rule, why: '', instead: '', severity });
  }
  return {
    engine: input.engine,
    policy: input.policy,
    verdict: verdict(findings, notices),
    change: input.change,
    findings,
    notices,
    summary: summary(findings, input),
    asked: input.askedIds ?? [],
    also: input.also ?? [],
    rules: [...words.values()]
      .map(({ id, title, why, instead, severity, url }) => ({ id, title, why, instead, severity, ...(url && { url }) }))
      .sort((a, b) => compare(a.id, b.id)),
    policyFile: input.policyFile ?? 'repolicy.jsonc',
  };
}

interface Placed {
  readonly span: Span;
  readonly frame: readonly FrameLine[];
  readonly lineHash: string | null;
}

/** By identity: of a finding's location, a related one, or an edit. */
type Places = ReadonlyMap<Location | Edit, Placed>;

const sourceKey = ({ path = '', commit = '' }: Location): string => `${commit}\0${path}`;

const textAt = ({ read, readAt }: Reported, { path, commit }: Location): Promise<string | undefined> => {
  if (path === undefined) return Promise.resolve(undefined);
  // The text of head is another one than the commit's: its lines would be wrong, and its secrets unmasked.
  return commit === undefined ? read(path) : (readAt?.(path, commit) ?? Promise.resolve(undefined));
};

/** Knows every secret of every file that has one, before anything is shown. */
async function scrubbing(input: Reported): Promise<{ scrub: Scrub; reach: number }> {
  const pieces: string[] = [];
  for (const [at, findings] of bySource(input.findings.filter(({ secret }) => secret))) {
    const text = await textAt(input, at);
    if (text === undefined) continue;
    for (const {
      at: { range },
    } of findings)
      if (range) pieces.push(...telling(text.slice(...range)));
  }
  return scrubber(pieces);
}

function bySource(findings: readonly Finding[]): Map<Location, Finding[]> {
  const groups = new Map<string, { at: Location; findings: Finding[] }>();
  for (const finding of findings) {
    const key = sourceKey(finding.at);
    const group = groups.get(key);
    if (group) group.findings.push(finding);
    else groups.set(key, { at: finding.at, findings: [finding] });
  }
  return new Map([...groups.values()].map(({ at, findings }) => [at, findings]));
}

/** Finds lines and columns, one file after the other, so that an audit never holds many texts at once. */
async function placed(input: Reported, scrub: Scrub, reach: number): Promise<Places> {
  const wanted = new Map<string, { readonly at: Location; readonly places: (Location | Edit)[] }>();
  const want = (place: Location | Edit) => {
    if (!place.range) return;
    const group = wanted.get(sourceKey(place));
    if (group) group.places.push(place);
    else wanted.set(sourceKey(place), { at: place, places: [place] });
  };
  for (const { at, related = [], fix } of input.findings) {
    for (const one of [at, ...related, ...(fix?.edits ?? [])]) want(one);
  }

  const secrets = new Map([...bySource(input.findings)].map(([at, findings]) => [sourceKey(at), findings]));
  const found = new Map<Location | Edit, Placed>();
  for (const [key, { at, places }] of wanted) {
    const text = await textAt(input, at);
    if (text === undefined) continue;
    const ranges = secretRanges(secrets.get(key) ?? [], text.length);
    const mask = (from: number, to: number) => maskedSlice(text, ranges, from, to);
    const { span, frame } = source({ text, mask, scrub, reach });
    const spans = places.map((place) => ({ place, span: span(place.range as Range) }));
    const hashes = lineHashes(mask(0, text.length), new Set(spans.map(({ span: { line } }) => line)));
    for (const { place, span: at } of spans) {
      const shown = 'text' in place ? [] : frame(place.range as Range);
      found.set(place, { span: at, frame: shown, lineHash: hashes.get(at.line) ?? null });
    }
  }
  return found;
}

const FAILED: Pick<RuleWords, 'why' | 'instead'> = {
  why: 'A rule that fails judges nothing, so nobody knows whether the change is sound.',
  instead: 'Tell whoever made the rule; until it is mended, turn it off in the policy.',
};

function reported(
  finding: Finding,
  words: RuleWords | undefined,
  places: Places,
  scrub: Scrub,
): Omit<ReportedFinding, 'owner'> {
  const {
    rule,
    severity,
    message,
    about,
    at,
    fingerprint,
    status,
    reason,
    failure,
    related = [],
    fix,
    secret = false,
  } = finding;
  const { why = '', instead: general = '' } = failure ? FAILED : (words ?? {});
  const found = places.get(at);
  return {
    rule,
    severity,
    message: scrub(message),
    about: scrub(about),
    ...place(at, found),
    fingerprint,
    status,
    reason: reason === undefined ? null : scrub(reason),
    title: words?.title ?? rule,
    why,
    instead: finding.instead === undefined ? general : scrub(finding.instead),
    url: words?.url ?? null,
    fix: fix ? { title: scrub(fix.title), edits: edits(fix.edits, places, scrub) } : null,
    related: related.map((location) => place(location, places.get(location))),
    secret,
    frame: found?.frame ?? [],
    lineHash: found?.lineHash ?? null,
  };
}

const place = ({ path = null, commit = null }: NullableLocation, found: Placed | undefined): Place => ({
  path,
  line: found?.span.line ?? null,
  column: found?.span.column ?? null,
  endLine: found?.span.endLine ?? null,
  endColumn: found?.span.endColumn ?? null,
  commit,
  bytes: found?.span.bytes ?? null,
});

interface NullableLocation {
  readonly path?: string | null;
  readonly commit?: string | null;
}

function edits(wanted: readonly Edit[], places: Places, scrub: Scrub): ReportedEdit[] {
  const known = wanted.flatMap(({ path, range, text }, at): ReportedEdit[] => {
    const span = places.get(wanted[at]!)?.span;
    return span && scrub(text) === text ? [{ path, range, ...span, text }] : [];
  });
  // Half a fix is worse than none.
  return known.length === wanted.length ? known : [];
}

function reportedNotices(notices: readonly Notice[], scrub: Scrub): ReportedNotice[] {
  const distinct = new Map<string, ReportedNotice>();
  for (const { notice: kind, path = null, message, needed = false, rule = null } of notices) {
    const one = { kind, path, message: scrub(message), needed, rule };
    distinct.set(JSON.stringify(one), one);
  }
  return [...distinct.values()].sort(
    (a, b) =>
      compare(a.path ?? '', b.path ?? '') ||
      compare(a.message, b.message) ||
      compare(a.kind, b.kind) ||
      +b.needed - +a.needed,
  );
}

/** Total, so that findings that arrive in another order still give the same bytes. */
function inOrder(a: ReportedFinding, b: ReportedFinding): number {
  return (
    compare(a.path ?? '', b.path ?? '') ||
    compare(a.commit ?? '', b.commit ?? '') ||
    (a.line ?? 0) - (b.line ?? 0) ||
    (a.column ?? 0) - (b.column ?? 0) ||
    (a.endLine ?? 0) - (b.endLine ?? 0) ||
    (a.endColumn ?? 0) - (b.endColumn ?? 0) ||
    compare(a.rule, b.rule) ||
    compare(a.about, b.about) ||
    compare(a.message, b.message) ||
    compare(a.status, b.status)
  );
}

/** By UTF-16 unit: the same on every machine, whatever its language. */
const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

function verdict(findings: readonly ReportedFinding[], notices: readonly ReportedNotice[]): string {
  const stable = [
    findings.map(({ fingerprint, severity, status, path, line, column, endLine, endColumn, commit }) => [
      fingerprint,
      severity,
      status,
      path,
      line,
      column,
      endLine,
      endColumn,
      commit,
    ]),
    notices.filter(({ needed }) => needed).map(({ kind, path, message }) => [kind, path, message]),
  ];
  return createHash('sha256').update(JSON.stringify(stable)).digest('hex');
}

function summary(findings: readonly ReportedFinding[], { change, asked, ms }: Reported): Summary {
  const count = (is: (finding: ReportedFinding) => boolean) => findings.filter(is).length;
  const reportedAs = (wanted: Severity) =>
    count(({ status, severity }) => status === 'reported' && severity === wanted);
  return {
    error: reportedAs('error'),
    warning: reportedAs('warning'),
    info: reportedAs('info'),
    allowed: count(({ status }) => status === 'allowed'),
    baselined: count(({ status }) => status === 'baselined'),
    files: change.files,
    rules: asked,
    ms,
  };
}
