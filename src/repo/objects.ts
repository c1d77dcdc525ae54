import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import type { Socket } from 'node:net';
import { READING_LIMIT, type Content, type Entry } from '../core/snapshot.ts';
import { decode } from './decode.ts';
import { notStarted, type Git } from './git.ts';

export type ObjectType = 'blob' | 'tree' | 'commit' | 'tag';

/** What asking Git's object database gave. */
export type Lookup =
  | { readonly found: 'whole'; readonly oid: string; readonly type: ObjectType; readonly bytes: Buffer }
  /** Above READING_LIMIT: passed over, never held. */
  | { readonly found: 'size'; readonly oid: string; readonly type: ObjectType; readonly size: number }
  | { readonly found: 'nothing'; readonly why: string };

export interface Objects {
  /** By id, or by any name that `git cat-file` takes ("HEAD^{tree}"). */
  object(name: string): Promise<Lookup>;
  /** What a file, link or submodule with an object id holds. */
  content(entry: Entry): Promise<Content>;
  /** Lets the process end. */
  close(): Promise<void>;
}

/** Bytes of decoded content that are kept for the next rule that asks. */
const CACHE = 64 * 1024 * 1024;
/** Names sent ahead of their answers: fewer than a pipe holds, so that neither side ever waits for the other. */
const IN_FLIGHT = 256;

interface Question {
  readonly name: string;
  readonly answer: (lookup: Lookup) => void;
  readonly fail: (error: Error) => void;
}

/**
 * Git's object database, through one `cat-file --batch` that is started when something is first asked. `unfetched` hears
 * of each answer that a partial clone could not give.
 */
export function openObjects(git: Git, unfetched: (name: string) => void = () => {}): Objects {
  const waiting: Question[] = [];
  const asked: Question[] = [];
  let child: ChildProcessWithoutNullStreams | undefined;
  let ended: Promise<void> | undefined;
  let held = true;
  /** Known after Git gave up on an object that a partial clone lacks. */
  let present: Promise<ReadonlySet<string>> | undefined;

  function start(): ChildProcessWithoutNullStreams {
    const batch = git.start(['cat-file', '--batch']);
    held = true;
    let complaint = '';
    let broken: Error | undefined;
    const read = answersIn((lookup) => {
      asked.shift()!.answer(lookup);
      send();
    });
    batch.stdout.on('data', read);
    batch.stderr.on('data', (chunk: Buffer) => (complaint = (complaint + chunk.toString('utf8')).slice(-2000)));
    batch.stdin.on('error', () => {});
    batch.on('error', (error) => (broken = notStarted(git.cwd, error)));
    ended = new Promise((resolve) => {
      batch.on('close', () => {
        child = undefined;
        resolve();
        const left = asked.splice(0);
        if (broken) {
          for (const question of [...left, ...waiting.splice(0)]) question.fail(broken);
          return;
        }
        // The first that has no answer is what it stumbled over; the others are asked again.
        const culprit = left.shift();
        waiting.unshift(...left);
        if (culprit && /promisor|lazy fetch/.test(complaint)) {
          present ??= listPresent();
          unfetched(culprit.name);
        }
        culprit?.answer({ found: 'nothing', why: reason(complaint) });
        if (waiting.length > 0) void resume();
      });
    });
    return batch;
  }

  /** One restart for each of ten thousand missing objects would take minutes: after the first, we know what there is. */
  async function resume(): Promise<void> {
    const known = await present?.catch(() => undefined);
    if (known) {
      for (const question of waiting.splice(0)) {
        if (absent(question.name, known)) question.answer(neverFetched(question.name));
        else waiting.push(question);
      }
    }
    send();
  }

  async function listPresent(): Promise<ReadonlySet<string>> {
    const output = await git.run(['cat-file', '--batch-all-objects', '--unordered', '--batch-check=%(objectname)']);
    return new Set(output.toString('latin1').split('\n'));
  }

  function send(): void {
    if (waiting.length > 0 && asked.length <= IN_FLIGHT / 2) {
      child ??= start();
      const batch = waiting.splice(0, IN_FLIGHT - asked.length);
      asked.push(...batch);
      child.stdin.write(Buffer.from(batch.map(({ name }) => `${name}\n`).join(''), 'utf8'));
    }
    // An idle child must not keep the process alive.
    if (child && held !== asked.length > 0) hold(child, (held = !held));
  }

  const neverFetched = (name: string): Lookup => {
    unfetched(name);
    return { found: 'nothing', why: NOT_FETCHED };
  };

  let scheduled = false;
  const object = async (name: string): Promise<Lookup> => {
    // One name a line is all that cat-file understands.
    if (name.includes('\n') || name.includes('\0')) return { found: 'nothing', why: 'no object has such a name' };
    const known = present && (await present.catch(() => undefined));
    if (known && absent(name, known)) return neverFetched(name);
    return new Promise((answer, fail) => {
      waiting.push({ name, answer, fail });
      // What is asked in one turn goes out in one write.
      if (scheduled) return;
      scheduled = true;
      queueMicrotask(() => {
        scheduled = false;
        send();
      });
    });
  };

  const contents = contentCache(CACHE);
  return {
    object,
    content: (entry) => contents(entry, object),
    async close() {
      if (!child) return;
      hold(child, true);
      child.stdin.end();
      await ended;
    },
  };
}

export const NOT_FETCHED = 'the clone is partial and this object was never fetched';

const absent = (name: string, present: ReadonlySet<string>): boolean =>
  /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/.test(name) && !present.has(name);

export const reason = (complaint: string): string =>
  /promisor|lazy fetch/.test(complaint)
    ? NOT_FETCHED
    : `git cat-file gave up: ${complaint.trim().split('\n').at(-1) || 'it gave no reason'}`;

function hold(child: ChildProcessWithoutNullStreams, on: boolean): void {
  const verb = on ? 'ref' : 'unref';
  child[verb]();
  // At run time they are sockets.
  for (const stream of [child.stdin, child.stdout, child.stderr]) (stream as unknown as Socket)[verb]?.();
}

/** Cuts the output of `cat-file --batch` into answers. */
export function answersIn(answer: (lookup: Lookup) => void): (chunk: Buffer) => void {
  let head: Buffer[] = [];
  let body: { oid: string; type: ObjectType; size: number; left: number; parts: Buffer[] | undefined } | undefined;
  return (chunk) => {
    for (let at = 0; at < chunk.length;) {
      if (!body) {
        const end = chunk.indexOf(10, at);
        if (end < 0) {
          head.push(chunk.subarray(at));
          return;
        }
        const line = Buffer.concat([...head, chunk.subarray(at, end)]).toString('latin1');
        head = [];
        at = end + 1;
        const match = /^([0-9a-f]{40,64}) (blob|tree|commit|tag) (\d+)$/.exec(line);
        if (!match) {
          answer({ found: 'nothing', why: line.endsWith(' ambiguous') ? AMBIGUOUS : MISSING });
          continue;
        }
        const size = Number(match[3]);
        // One newline follows each object.
        body = { oid: match[1]!, type: match[2] as ObjectType, size, left: size + 1, parts: undefined };
        if (size <= READING_LIMIT) body.parts = [];
        continue;
      }
      const piece = chunk.subarray(at, at + body.left);
      at += piece.length;
      body.left -= piece.length;
      body.parts?.push(piece);
      if (body.left > 0) continue;
      const { oid, type, size, parts } = body;
      body = undefined;
      if (!parts) answer({ found: 'size', oid, type, size });
      else {
        const bytes = (parts.length === 1 ? parts[0]! : Buffer.concat(parts)).subarray(0, size);
        answer({ found: 'whole', oid, type, bytes });
      }
    }
  };
}

export const MISSING = 'the object is missing from this clone';
export const AMBIGUOUS = 'the name stands for more than one object';

/** Keeps what was read last, up to so many bytes, and reads nothing twice at the same time. */
function contentCache(limit: number) {
  const kept = new Map<string, Content>();
  const coming = new Map<string, Promise<Content>>();
  let held = 0;
  const weight = (content: Content): number =>
    200 + (content.kind === 'text' || content.kind === 'binary' ? content.size : 0);

  return async (entry: Entry, object: Objects['object']): Promise<Content> => {
    const oid = entry.oid!;
    if (entry.kind === 'gitlink') return { kind: 'gitlink', oid };
    const key = `${entry.kind} ${oid}`;
    const known = kept.get(key);
    if (known) {
      kept.delete(key);
      kept.set(key, known);
      return known;
    }
    const read = async (): Promise<Content> => {
      const content = contentOf(await object(oid), entry.kind);
      held += weight(content);
      kept.set(key, content);
      for (const [oldest, old] of kept) {
        if (held <= limit || oldest === key) break;
        kept.delete(oldest);
        held -= weight(old);
      }
      return content;
    };
    const promise = coming.get(key) ?? read().finally(() => coming.delete(key));
    coming.set(key, promise);
    return promise;
  };
}

function contentOf(lookup: Lookup, kind: Entry['kind']): Content {
  if (lookup.found === 'nothing') return { kind: 'unreadable', why: lookup.why };
  if (lookup.type !== 'blob') return { kind: 'unreadable', why: `Git has a ${lookup.type} where a file should be` };
  return lookup.found === 'size' ? { kind: 'large', size: lookup.size } : decode(lookup.bytes, kind);
}
