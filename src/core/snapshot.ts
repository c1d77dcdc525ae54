import type { Cache } from './cache.ts';
import type { Declared } from './policy.ts';

/** What a tree holds at one path. `kind` follows from Git's six octal digits in `mode`. */
export interface Entry {
  readonly path: string;
  /** '100644', '100755', '120000' (symbolic link) or '160000' (submodule). */
  readonly mode: string;
  readonly kind: 'file' | 'symlink' | 'gitlink';
  /** Git object id in hex; undefined where nothing has been hashed (memory, an uncommitted file on disk). */
  readonly oid?: string;
}

/** What reading one path gave. Every way in which text can fail to be there has a name, so that none passes in silence. */
export type Content =
  /** `text` keeps a byte order mark, so that offsets agree with the file. 'latin1' stands for bytes that are not valid UTF-8. */
  | { readonly kind: 'text'; readonly text: string; readonly encoding: Encoding; readonly size: number }
  | { readonly kind: 'binary'; readonly bytes: Uint8Array; readonly size: number }
  /** A Git LFS pointer: `size` is that of the file it stands for. */
  | { readonly kind: 'lfs'; readonly oid: string; readonly size: number }
  /** Above READING_LIMIT: never loaded. */
  | { readonly kind: 'large'; readonly size: number }
  /** A submodule: its object id is a commit of another repository. */
  | { readonly kind: 'gitlink'; readonly oid: string }
  /** The entry is there and its bytes cannot be had (shallow or partial clone, a permission, a broken disk). */
  | { readonly kind: 'unreadable'; readonly why: string }
  /** No such path in this snapshot. */
  | { readonly kind: 'absent' };

export type Encoding = 'utf-8' | 'utf-16le' | 'utf-16be' | 'latin1';

/** Bytes above which a file is described and never loaded. */
export const READING_LIMIT = 20 * 1024 * 1024;

/** A tree of files at one moment, wherever it is kept: the index, the work tree, a commit, memory. */
export interface Snapshot {
  /** Shown to people ("index", "tree 3f2a91c"). No rule may branch on it. */
  readonly name: string;
  /** What the policy declares about this tree: identities, migration folders. */
  readonly declared: Declared;
  /** For facts that cost more than reading them back; absent where nothing is kept. */
  readonly cache?: Cache;
  /** Every path, '/'-separated, sorted by code unit. Lists the whole tree: rules about changed paths never ask. */
  paths(): Promise<readonly string[]>;
  /** The names in one folder ('' is the root), files and folders alike, in no order; none where there is no such folder. Lists nothing else. */
  folder(dir: string): Promise<readonly string[]>;
  entry(path: string): Promise<Entry | undefined>;
  content(path: string): Promise<Content>;
  /** A file's text; undefined where `content` is anything but text. */
  read(path: string): Promise<string | undefined>;
}
