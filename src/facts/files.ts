import type { Change } from '../core/change.ts';
import type { Subjects } from '../core/fact.ts';
import type { Notice } from '../core/notice.ts';
import { READING_LIMIT, type Content, type Encoding, type Entry, type Snapshot } from '../core/snapshot.ts';

/** What an added or altered path holds now. */
export interface ChangedFile {
  readonly path: string;
  readonly entry: Entry;
  readonly change: Change;
  readonly content: Present;
}

/** Content that could be had, or that has a reason of its own not to be loaded. */
export type Present = Exclude<Content, { kind: 'unreadable' } | { kind: 'absent' }>;

/** A file as text. A symbolic link's text is its target: rules that parse what a file says leave `entry.kind` 'symlink' alone. */
export interface TextFile {
  readonly path: string;
  readonly entry: Entry;
  readonly change: Change;
  readonly text: string;
  readonly encoding: Encoding;
  /** Bytes. */
  readonly size: number;
}

/** Every path that the change adds or alters, with its content of whatever kind. */
export const files: Subjects<ChangedFile> = async function* ({ head, changes }) {
  const left = changes.filter((change) => change.after !== undefined);
  for await (const [change, content] of readAhead(head, left)) {
    if (content.kind === 'unreadable' || content.kind === 'absent') yield unread(change.path, content);
    else yield { path: change.path, entry: change.after!, change, content };
  }
};

/** Every text that the change adds or alters. Binary files and submodules have none; other files without text are named in a notice. */
export const textFiles: Subjects<TextFile> = async function* (set) {
  for await (const file of files(set)) {
    if ('notice' in file) yield file;
    else if (file.content.kind === 'text') {
      const { path, entry, change } = file;
      const { text, encoding, size } = file.content;
      yield { path, entry, change, text, encoding, size };
    } else if (file.content.kind === 'lfs' || file.content.kind === 'large') yield unread(file.path, file.content);
  }
};

/** The head snapshot itself, once: for rules about the tree as a whole. */
export const tree: Subjects<Snapshot> = async function* ({ head }) {
  yield head;
};

/** Says why a path has no text to judge. Bytes that ought to be there and are not make the verdict incomplete. */
export function unread(path: string, content: Exclude<Content, { kind: 'text' }>): Notice {
  const because: { [kind in typeof content.kind]: () => string } = {
    binary: () => 'it is not text',
    lfs: () => 'its content is kept in Git LFS',
    large: () => `it is larger than ${READING_LIMIT / 1024 / 1024} MiB`,
    gitlink: () => 'it is a submodule',
    unreadable: () => (content.kind === 'unreadable' ? content.why : ''),
    absent: () => 'it is gone',
  };
  const needed = content.kind === 'unreadable' || content.kind === 'absent';
  return {
    notice: 'not-judged',
    message: `${path} was not read: ${because[content.kind]()}.`,
    path,
    ...(needed && { needed }),
  };
}

const AHEAD = 16;

/** Asks for some contents before they are wanted, so that a source that answers in batches need not wait for each. */
async function* readAhead(head: Snapshot, changes: readonly Change[]): AsyncIterable<readonly [Change, Content]> {
  const asked: (readonly [Change, Promise<Content>])[] = [];
  for (let next = 0; next < changes.length || asked.length > 0;) {
    while (asked.length < AHEAD && next < changes.length) {
      const change = changes[next++]!;
      const content = head.content(change.path);
      content.catch(() => {}); // Whoever awaits it below meets the failure; a walk that ends early must not.
      asked.push([change, content]);
    }
    const [change, content] = asked.shift()!;
    yield [change, await content];
  }
}
