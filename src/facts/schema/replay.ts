import type { Location } from '../../core/finding.ts';
import type { Shelf } from '../../core/cache.ts';
import { isNotice } from '../../core/notice.ts';
import type { Snapshot } from '../../core/snapshot.ts';
import type { Migration, MigrationFolder } from '../migrations.ts';
import { NEAR, prefixNames, WORTH_KEEPING } from '../prefixes.ts';
import { sqlFile } from '../sql/files.ts';
import type { Operation } from '../sql/operation.ts';
import { once } from '../sql/expressions.ts';
import type { SqlFile } from '../sql/read.ts';
import { stepsOf } from '../sql/steps.ts';
import type { Statement } from '../sql/statement.ts';
import { apply } from './apply.ts';
import { decide } from './decide.ts';
import { DEFAULT_PATH, end, keyOf, newHistory, resolve, restore, TEMPORARY, type History } from './history.ts';
import { keep, recall, type Standing, type Told } from './kept.ts';
import type { Gap, Routine } from './objects.ts';
import { bareDatabase, supabase } from './platforms.ts';
import { addGap, type Run } from './run.ts';
import type { Schema } from './view.ts';
import { viewAt } from './viewed.ts';

/** One operation of the history. */
export interface ReplayStep {
  readonly operation: Operation;
  /** Of a DO block, the one inside. */
  readonly statement: Statement;
  /** Absent for a file that no runner orders. */
  readonly migration?: Migration | undefined;
  /** False where a test around it keeps it from running on a new database. */
  readonly runs: boolean;
  readonly before: () => Schema;
  readonly after: () => Schema;
}

export interface Replay {
  /** In the order in which they run, those of DO blocks included. Those of function bodies are not. */
  readonly steps: readonly ReplayStep[];
  readonly start: Schema;
  readonly end: Schema;
  readonly beforeFile: (path: string) => Schema;
  readonly afterFile: (path: string) => Schema;
  readonly before: (statement: Pick<Statement, 'path' | 'index'>, operation?: Operation) => Schema;
  readonly after: (statement: Pick<Statement, 'path' | 'index'>, operation?: Operation) => Schema;
  /** Why the history does not tell the whole truth, wherever that starts; empty for a complete one. */
  readonly gaps: readonly Gap[];
  /** The first file that does anything, and the schemas that its statements need. */
  readonly beginning: { readonly path: string | undefined; readonly schemas: () => readonly string[] };
}

interface Source {
  readonly path: string;
  readonly migration?: Migration | undefined;
}

/** Replays a folder of migrations; none for a folder that is not there. Nobody will ask about the first `unasked` of them. */
export async function replayFolder(
  snapshot: Snapshot,
  folder: MigrationFolder | undefined,
  unasked: number,
): Promise<Replay> {
  const sources = (folder?.migrations ?? []).map((migration): Source => ({ path: migration.path, migration }));
  if (!folder) return replayAll(snapshot, sources, undefined, []);
  const others = await otherLanguages(snapshot, folder);
  if (!snapshot.cache || unasked < WORTH_KEEPING) return replayAll(snapshot, sources, folder, others);

  const shelf = snapshot.cache.shelf('schemas');
  const names = (await prefixNames(snapshot, folder, unasked)).map((name) => JSON.stringify([name, others]));
  const files: SourceFile[] = [];
  for (let count = names.length - 1; count >= Math.max(WORTH_KEEPING, unasked - NEAR); count--) {
    const standing = await recall(shelf, names[count]!, snapshot);
    if (!standing) continue;
    for (const source of sources.slice(count)) files.push(await readSource(snapshot, source));
    const { told, history, path } = standing;
    // The platform is there from the start on, for the sake of any migration.
    if (usesPlatform(folder, files, told) !== told.platform) break;
    return run({ ...newRecorder(history, toldBy(files, told)), path }, files, false);
  }
  const name = names[unasked];
  const keeping: Keeping | undefined = name === undefined ? undefined : { count: unasked, shelf, name };
  return replayAll(snapshot, sources, folder, others, keeping);
}

/** Replays one file alone. Nothing is known of what was there before it. */
export const replayFile = (snapshot: Snapshot, path: string): Promise<Replay> =>
  replayAll(snapshot, [{ path }], undefined, []);

interface SourceFile {
  readonly source: Source;
  /** Undefined where it cannot be read. */
  readonly file: SqlFile | undefined;
}

async function readSource(snapshot: Snapshot, source: Source): Promise<SourceFile> {
  const file = await sqlFile(snapshot, source.path);
  return { source, file: isNotice(file) ? undefined : file };
}

/** Where the replay stands after so many migrations is to be kept. */
interface Keeping {
  readonly count: number;
  readonly shelf: Shelf;
  readonly name: string;
}

async function replayAll(
  snapshot: Snapshot,
  sources: readonly Source[],
  folder: MigrationFolder | undefined,
  others: readonly string[],
  keeping?: Keeping,
): Promise<Replay> {
  const files: SourceFile[] = [];
  for (const source of sources) files.push(await readSource(snapshot, source));
  const history = newHistory();
  bareDatabase(history);
  const platform = usesPlatform(folder, files);
  if (platform) supabase(history);
  if (!folder)
    history.gaps.push({
      gap: {
        kind: 'unread',
        reason: 'no runner says what runs before this file',
        at: { path: sources[0]?.path ?? '' },
      },
      time: -1,
    });
  for (const path of others) {
    history.gaps.push({
      gap: { kind: 'other language', reason: `${path} is a migration that is not written in SQL`, at: { path } },
      time: -1,
    });
  }
  return run(newRecorder(history, { ...toldBy(files), platform }), files, true, keeping);
}

const newRecorder = (history: History, told: Told): Recorder => ({
  history,
  steps: [],
  times: new Map(),
  spans: new Map(),
  operations: new Map(),
  path: DEFAULT_PATH,
  told,
});

function run(recorder: Recorder, files: readonly SourceFile[], fromStart: boolean, keeping?: Keeping): Replay {
  const { history } = recorder;
  for (const [i, { source, file }] of files.entries()) {
    if (i === keeping?.count) keepStanding(recorder, files.slice(0, i), keeping);
    const start = history.time;
    if (!file) {
      history.time++;
      history.gaps.push({
        gap: { kind: 'unread', reason: `${source.path} cannot be read`, at: { path: source.path } },
        time: history.time,
      });
    } else runFile(recorder, source, file, fromStart && i === 0);
    recorder.spans.set(source.path, [start, history.time]);
  }
  return finished(recorder);
}

function keepStanding({ history, path, told }: Recorder, files: readonly SourceFile[], { shelf, name }: Keeping): void {
  const texts = files.flatMap(({ file }) => file ?? []);
  // What could not be read today may be there tomorrow.
  if (texts.length < files.length) return;
  keep(shelf, name, { history, path, told: { ...toldBy(files), platform: told.platform } }, texts);
}

interface Recorder {
  readonly history: History;
  readonly steps: ReplayStep[];
  /** Path and index of a statement to its moments. */
  readonly times: Map<string, [before: number, after: number]>;
  readonly spans: Map<string, readonly [before: number, after: number]>;
  readonly operations: Map<Operation, readonly [before: number, after: number]>;
  /** The search_path of a new session. */
  path: readonly string[];
  readonly told: Told;
}

function finished({ history, told, steps, times, spans, operations }: Recorder): Replay {
  const at = (time: number): Schema => viewAt(history, time);
  const span = (
    statement: Pick<Statement, 'path' | 'index'>,
    operation: Operation | undefined,
  ): readonly [number, number] =>
    (operation && operations.get(operation)) ??
    times.get(`${statement.path} ${statement.index}`) ??
    // A statement of a way down, or of another snapshot: what its file finds and leaves.
    spans.get(statement.path) ?? [history.time, history.time];
  return {
    steps,
    start: at(0),
    end: at(history.time),
    beforeFile: (path) => at(spans.get(path)?.[0] ?? history.time),
    afterFile: (path) => at(spans.get(path)?.[1] ?? history.time),
    before: (statement, operation) => at(span(statement, operation)[0]),
    after: (statement, operation) => at(span(statement, operation)[1]),
    gaps: history.gaps.map(({ gap }) => gap),
    beginning: { path: told.first, schemas: told.granted },
  };
}

function runFile(recorder: Recorder, { path, migration }: Source, file: SqlFile, first: boolean): void {
  const { history } = recorder;
  const session: Session = { recorder, migration, file, first, local: undefined, began: undefined, calls: 0 };
  history.time++;
  if (!migration?.layout.sharesSession) setPath(history, recorder.path);
  for (const gap of gapsOf(file)) history.gaps.push({ gap, time: history.time });
  for (const statement of file.statements) if (statement.section === 'up') runStatement(session, statement);
  history.time++;
  endLocal(session);
  if (history.temporary) endSession(history);
}

function endSession(history: History): void {
  for (const entry of [...history.relations.now.values()])
    if (entry.name.schema === TEMPORARY) end(history, entry.name, undefined);
  for (const type of [...history.types.now.values()])
    if (type.name.schema === TEMPORARY) history.types.end(keyOf(type.name), undefined, history.time);
  history.temporary = false;
}

interface Session {
  readonly recorder: Recorder;
  readonly migration: Migration | undefined;
  readonly file: SqlFile;
  readonly first: boolean;
  /** search_path before SET LOCAL. */
  local: readonly string[] | undefined;
  /** When an explicit transaction began. */
  began: number | undefined;
  /** How deep functions call each other. */
  calls: number;
}

/** What of a file the replay does not see. */
function gapsOf({ path, errors, notices }: SqlFile): Gap[] {
  const gaps: Gap[] = errors.map(({ range }) => ({
    kind: 'unread',
    reason: `a statement of ${path} does not parse`,
    at: { path, range },
  }));
  for (const { message } of notices) {
    const [, inner] = /^Inside a DO block: (.*)$/s.exec(message) ?? [];
    if (inner === undefined) continue;
    const dynamic = inner.startsWith('EXECUTE');
    gaps.push({
      kind: dynamic ? 'dynamic SQL' : 'unread',
      reason: dynamic
        ? `a DO block of ${path} executes a text that is put together while it runs`
        : `a DO block of ${path} cannot be read in full`,
      at: { path },
    });
  }
  return gaps;
}

function runStatement(session: Session, statement: Statement): void {
  const { recorder, file } = session;
  const { history, times } = recorder;
  const before = history.time;
  const at: Location = { path: statement.path, range: statement.range };
  const decision = statement.within === undefined ? 'runs' : decide(history, statement.guards);
  const run: Run = {
    history,
    at,
    first: session.first,
    tolerant: decision === 'perhaps',
    textAt: ([from, to]) => file.text.slice(from, to),
  };
  for (const operation of statement.operations) {
    const moment = history.time++;
    recorder.operations.set(operation, [moment, moment + 1]);
    recorder.steps.push({
      operation,
      statement,
      migration: session.migration,
      runs: decision !== 'skips',
      before: () => viewAt(history, moment),
      after: () => viewAt(history, moment + 1),
    });
    if (decision === 'skips') continue;
    if (!control(session, operation, statement)) apply(run, operation, statement);
    if (operation.kind === 'do') {
      for (const inner of statement.nested()) runStatement(session, inner);
      recorder.operations.set(operation, [moment, history.time]);
    } else if (operation.kind === 'select')
      for (const { name } of operation.query.calls()) callFunction(session, run, name);
    else if (operation.kind === 'call') callFunction(session, run, operation.procedure);
  }
  const key = `${statement.path} ${statement.index}`;
  const known = times.get(key);
  times.set(key, [known?.[0] ?? before, history.time]);
}

/** Transactions and search_path. */
function control(session: Session, operation: Operation, { transaction }: Statement): boolean {
  const { history } = session.recorder;
  switch (operation.kind) {
    case 'begin':
      session.began ??= history.time;
      return true;
    case 'commit':
      session.began = undefined;
      endLocal(session);
      return true;
    case 'rollback':
      if (session.began !== undefined) restore(history, session.began);
      session.began = undefined;
      endLocal(session);
      return true;
    case 'set':
    case 'set local':
      if (operation.setting !== 'search_path') return true;
      if (operation.kind === 'set') session.local = undefined;
      else if (transaction.kind === 'none') return true;
      else session.local ??= history.searchPaths.now.get('') ?? DEFAULT_PATH;
      setPath(history, pathOf(operation.value) ?? session.recorder.path);
      return true;
    case 'reset':
      if (operation.setting !== 'search_path' && operation.setting !== 'all') return true;
      session.local = undefined;
      setPath(history, session.recorder.path);
      return true;
    case 'alter database': {
      const value = operation.settings.get('search_path');
      if (value) session.recorder.path = pathOf(value) ?? DEFAULT_PATH;
      return false;
    }
    default:
      return false;
  }
}

function endLocal(session: Session): void {
  if (session.local) setPath(session.recorder.history, session.local);
  session.local = undefined;
}

const setPath = (history: History, path: readonly string[]): void => history.searchPaths.set('', path, history.time);

const pathOf = (value: string | undefined): readonly string[] | undefined =>
  value
    ?.split(',')
    .map((part) => part.trim().replace(/^(['"])(.*)\1$/s, '$2'))
    .filter((part) => part !== '' && part !== '$user' && part !== 'pg_catalog' && part !== TEMPORARY);

/** A function of the history that is called now: what its body does to the schema happens now. */
function callFunction(
  session: Session,
  run: Run,
  name: { readonly schema?: string | undefined; readonly name: string },
): void {
  const { history } = session.recorder;
  const full = resolve(history, history.routines, name);
  const routines = full && history.routines.now.get(keyOf(full));
  if (!routines || session.calls > 3) return;
  session.calls++;
  for (const routine of routines) runBody(session, run, routine);
  session.calls--;
}

function runBody(session: Session, run: Run, { bodyText = '', body, name, language }: Routine): void {
  if (language !== 'plpgsql' && language !== 'sql') return;
  const { history } = session.recorder;
  if (language === 'plpgsql' && DYNAMIC.test(bodyText)) {
    addGap(
      run,
      'dynamic SQL',
      `${run.at.path ?? ''} calls ${name.name}(), which executes a text that is put together while it runs`,
    );
  }
  for (const inner of body()) {
    if (decide(history, inner.guards) === 'skips') continue;
    for (const operation of inner.operations) {
      if (operation.kind === 'select')
        for (const { name: called } of operation.query.calls()) callFunction(session, run, called);
      else apply({ ...run, tolerant: true }, operation, inner);
    }
  }
}

// EXECUTE of a literal alone is read with the body; GRANT EXECUTE and EXECUTE FUNCTION are none.
const DYNAMIC = /\bexecute\b(?!\s+(?:on\b|function\b|procedure\b|'[^']*'\s*;))/i;

/** Migrations that a folder keeps in another language than SQL. */
async function otherLanguages(snapshot: Snapshot, { dir, layout, migrations }: MigrationFolder): Promise<string[]> {
  if (migrations.length === 0 || !MIXED.has(layout.name)) return [];
  const start = dir === '' ? '' : `${dir}/`;
  return (await snapshot.paths()).filter((path) => path.startsWith(start) && CODE.test(path.slice(start.length)));
}

const MIXED: ReadonlySet<string> = new Set(['goose', 'flyway', 'node-pg-migrate', 'knex', 'plain', 'golang-migrate']);
const CODE = /^(?:V?\d[\w.]*_[^/]*|V\d[^/]*)\.(?:[cm]?[jt]s|go|java|kt|py|rb)$/;

/** The layout is the platform's own, or some file uses its tables or functions and none makes them. */
function usesPlatform(folder: MigrationFolder | undefined, files: readonly SourceFile[], before?: Told): boolean {
  if (folder?.layout.name === 'supabase') return true;
  const { uses, makes } = toldBy(files, before);
  return uses && !makes;
}

/** `before`: what was told by the files in front of them. */
function toldBy(files: readonly SourceFile[], before?: Told): Told {
  const matches = (pattern: RegExp): boolean => files.some(({ file }) => file && pattern.test(file.text));
  const first = files.find(({ file }) => file?.statements.some(({ section }) => section === 'up'))?.file;
  const known = before?.first === undefined ? undefined : before;
  return {
    uses: before?.uses || matches(USES),
    makes: before?.makes || matches(MAKES),
    platform: before?.platform ?? false,
    first: known ? known.first : first?.path,
    granted: known ? known.granted : once(() => (first ? schemasUsedIn(first) : [])),
  };
}

/** Those inside its DO blocks included. */
const schemasUsedIn = (file: SqlFile): string[] => [
  ...new Set(
    stepsOf(file).flatMap(({ by }) =>
      by.uses().flatMap(({ object, name }) => (object === 'schema' ? [name.name] : [])),
    ),
  ),
];

const USES = /\bauth\s*\.\s*(?:users\b|(?:uid|jwt|role|email)\s*\()|\bstorage\s*\.\s*(?:objects|buckets)\b/i;
const MAKES =
  /\bcreate\s+(?:table\s+(?:if\s+not\s+exists\s+)?"?(?:auth|storage)"?\s*\.|(?:or\s+replace\s+)?function\s+"?auth"?\s*\.\s*"?(?:uid|jwt)\b|schema\s+(?:if\s+not\s+exists\s+)?"?auth\b)/i;
