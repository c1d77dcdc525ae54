import type { Change, ChangeSet, Head } from '../core/change.ts';
import { NOTHING_DECLARED } from '../core/policy.ts';
import type { Files } from '../core/rule.ts';
import type { Entry, Snapshot } from '../core/snapshot.ts';
import { entryOf, namesIn } from './snapshots.ts';

/** Git's modes of paths that are no plain files. */
type Modes = Readonly<Record<string, string>>;

const entryAt = (path: string, modes: Modes): Entry => entryOf(path, modes[path] ?? '100644');

/** A snapshot of the given texts. A path whose text is undefined at run time is simply not there. */
export function memorySnapshot(files: Files, name = 'memory', modes: Modes = {}): Snapshot {
  const texts = new Map(Object.entries(files));
  const entries = new Map([...texts.keys()].map((path): [string, Entry] => [path, entryAt(path, modes)]));
  const sorted = [...texts.keys()].sort();
  return {
    name,
    declared: NOTHING_DECLARED,
    paths: async () => sorted,
    folder: async (dir) => namesIn(dir, sorted),
    entry: async (path) => entries.get(path),
    read: async (path) => (entries.get(path)?.kind === 'gitlink' ? undefined : texts.get(path)),
    content: async (path) => {
      const text = texts.get(path);
      if (text === undefined) return { kind: 'absent' };
      if (entries.get(path)!.kind === 'gitlink') return { kind: 'gitlink', oid: text };
      return { kind: 'text', text, encoding: 'utf-8', size: Buffer.byteLength(text) };
    },
  };
}

/** The change set between two sets of texts. With no base it is an audit: every file is added. */
export function memoryChangeSet(
  head: Files,
  base: Files = {},
  rest: Partial<ChangeSet> = {},
  modes: Modes = {},
): ChangeSet {
  const before = memorySnapshot(base, 'base');
  const after = memorySnapshot(head, 'head', modes);
  const changes: Change[] = [];
  const gone = new Map<string, string>();
  for (const path of Object.keys(base)) if (!Object.hasOwn(head, path)) gone.set(base[path] ?? '', path);
  for (const path of Object.keys(head)) {
    if (!Object.hasOwn(base, path)) {
      const from = gone.get(head[path] ?? '');
      gone.delete(head[path] ?? '');
      changes.push({
        path,
        kind: from === undefined ? 'added' : 'renamed',
        ...(from !== undefined && { from, before: entryAt(from, {}) }),
        after: entryAt(path, modes),
      });
    } else if (base[path] !== head[path] || modes[path] !== undefined) {
      changes.push({ path, kind: 'modified', before: entryAt(path, {}), after: entryAt(path, modes) });
    }
  }
  const moved = new Set(changes.map(({ from }) => from));
  for (const path of Object.keys(base)) {
    if (!Object.hasOwn(head, path) && !moved.has(path))
      changes.push({ path, kind: 'deleted', before: entryAt(path, {}) });
  }
  changes.sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0));
  return { base: before, head: after, changes, commits: [], now: new Date(), ...rest };
}

/** Other branches by name, the newest first; work is merged into the one called "main". */
export function memoryHeads(branches: Readonly<Record<string, Files>>): NonNullable<ChangeSet['heads']> {
  const heads = Object.entries(branches).map(([name, files]): Head => ({
    name,
    async folder(dir) {
      const start = dir === '' ? '' : `${dir}/`;
      const below = Object.keys(files).filter((path) => path.startsWith(start));
      return new Map(below.map((path) => [path.slice(start.length), files[path] ?? '']));
    },
  }));
  const trunk = heads.find(({ name }) => name === 'main');
  return async () => ({ ...(trunk && { trunk }), others: heads.filter((head) => head !== trunk), more: false });
}
