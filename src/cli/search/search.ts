import { candidatesOf, distinct, type Candidate } from '../../facts/credentials/candidate.ts';
import { newInVersion } from '../../facts/credentials/blob.ts';
import { inArchive, isArchive } from '../../facts/credentials/archives.ts';
import { inspect } from '../../facts/credentials/inspect.ts';
import type { Matcher } from '../../facts/credentials/matcher.ts';
import { isNotice, type Notice } from '../../core/notice.ts';
import { READING_LIMIT } from '../../core/snapshot.ts';
import { openBlobs } from '../../repo/blobs.ts';
import { decode, lfsPointer, plainText } from '../../repo/decode.ts';
import type { Git } from '../../repo/git.ts';
import type { Lookup } from '../../repo/objects.ts';

/** Where credentials are looked for: an object of Git's, or a text that is at hand. Plain data, so that threads can pass it on. */
export type Item = { readonly oid: string; readonly path: string } | { readonly text: string };

export interface Job {
  readonly id: number;
  readonly items: readonly Item[];
  /** Only what a file's version before, searched earlier, did not have. The versions of a path must come one after the other. */
  readonly versions: boolean;
}

export interface Answer {
  readonly id: number;
  /** By the item's place in the job. */
  readonly found: readonly (readonly [item: number, candidates: readonly Candidate[]])[];
  readonly notices: readonly Notice[];
  /** Files whose content is kept in Git LFS, which nobody read. */
  readonly lfs: number;
}

export interface Search {
  search(job: Job): void;
  /** Resolves when every job is answered. */
  end(): Promise<void>;
}

interface Open {
  readonly job: Job;
  readonly found: [number, Candidate[]][];
  readonly notices: Notice[];
  lfs: number;
  left: number;
}

/** Bytes of earlier versions that are kept to compare with. */
const KEPT = 24 * 1024 * 1024;

/** Searches objects of one repository, in one thread. */
export function openSearch(git: Git, match: Matcher, answer: (answer: Answer) => void): Search {
  const waiting = new Map<string, { readonly open: Open; readonly at: number; readonly path: string }[]>();
  const versions = new Map<string, Buffer>();
  let kept = 0;

  const before = (path: string, bytes: Buffer): Buffer | undefined => {
    const known = versions.get(path);
    versions.delete(path);
    // A small view must not keep a large chunk of a pipe alive.
    versions.set(path, bytes.length * 2 < bytes.buffer.byteLength ? Buffer.from(bytes) : bytes);
    kept += bytes.length - (known?.length ?? 0);
    for (const [oldest, old] of versions) {
      if (kept <= KEPT || oldest === path) break;
      versions.delete(oldest);
      kept -= old.length;
    }
    return known;
  };
  const take = (open: Open, at: number, said: Iterable<Candidate | Notice>): void => {
    const candidates: Candidate[] = [];
    for (const one of said) isNotice(one) ? open.notices.push(one) : candidates.push(one);
    if (candidates.length > 0) open.found.push([at, candidates]);
    if (--open.left === 0) {
      const { job, found, notices, lfs } = open;
      answer({ id: job.id, found, notices, lfs });
    }
  };
  function* read(open: Open, path: string, oid: string, lookup: Lookup): Iterable<Candidate | Notice> {
    const name = path === '' ? `object ${oid.slice(0, 12)}` : path;
    if (lookup.found === 'nothing') yield unread(name, lookup.why, true);
    else if (lookup.found === 'size') yield unread(name, `it is larger than ${READING_LIMIT / 1024 / 1024} MiB`);
    else if (lfsPointer(lookup.bytes)) open.lfs++;
    else if (!lookup.bytes.includes(0)) {
      const { bytes } = lookup;
      const earlier = open.job.versions && path !== '' ? before(path, bytes) : undefined;
      yield* newInVersion(match, { path, bytes, before: earlier, decode: plainText });
    } else if (isArchive(lookup.bytes)) yield* inArchive(match, path, lookup.bytes);
    else {
      const content = decode(lookup.bytes);
      if (content.kind === 'text' || content.kind === 'binary') yield* inspect(match, path, content);
    }
  }
  const blobs = openBlobs(git, (oid, lookup) => {
    const asking = waiting.get(oid)!;
    const { open, at, path } = asking.shift()!;
    if (asking.length === 0) waiting.delete(oid);
    take(open, at, read(open, path, oid, lookup));
  });
  return {
    search(job) {
      const open: Open = { job, found: [], notices: [], lfs: 0, left: job.items.length };
      const ids: string[] = [];
      if (job.items.length === 0) answer({ id: job.id, found: [], notices: [], lfs: 0 });
      for (const [at, item] of job.items.entries()) {
        if ('text' in item) {
          take(
            open,
            at,
            candidatesOf(distinct(match(item.text)), 'message', () => ({})),
          );
          continue;
        }
        const others = waiting.get(item.oid) ?? [];
        others.push({ open, at, path: item.path });
        waiting.set(item.oid, others);
        ids.push(item.oid);
      }
      blobs.ask(ids);
    },
    end: () => blobs.end(),
  };
}

const unread = (name: string, why: string, needed = false): Notice => ({
  notice: 'not-judged',
  message: `${name} was not read: ${why}.`,
  ...(needed && { needed }),
});
