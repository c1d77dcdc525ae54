import type { AllowUse } from './allow.ts';
import type { ResolvedPolicy } from './policy.ts';
import type { Entry, Snapshot } from './snapshot.ts';

/** One path that differs between base and head. A change of mode alone is 'modified'. */
export interface Change {
  readonly path: string;
  readonly kind: 'added' | 'modified' | 'renamed' | 'deleted';
  /** The old path of a file that moved without a change of content. */
  readonly from?: string;
  /** Absent for an added path. */
  readonly before?: Entry;
  /** Absent for a deleted path. */
  readonly after?: Entry;
}

/** Who made something, as Git writes it. */
export interface Person {
  readonly name: string;
  readonly email: string;
}

export interface Commit {
  readonly oid: string;
  readonly parents: readonly string[];
  /** The id of its tree. Absent where no Git is at hand. */
  readonly tree?: string;
  readonly author: Person;
  readonly committer: Person;
  /** The author's date. */
  readonly date: Date;
  /** The committer's date: when it was made as it is now, by an amendment or a rebase as well. */
  readonly committed: Date;
  /** As Git stores it. */
  readonly message: string;
  /** The signature in its header, and the bytes that it signs. */
  readonly signed?: { readonly signature: string; readonly payload: Uint8Array };
  /** Against its parent; for a merge, only the paths that differ from every parent. */
  readonly changes: readonly Change[];
}

/** A branch, a remote-tracking branch, or what another work tree has checked out. */
export interface Head {
  /** For people: "origin/bookings", "bookings", "work tree review". */
  readonly name: string;
  /** Files of a folder: the path below it to Git's object id. Undefined where the clone lacks a part of it. */
  readonly folder: (dir: string) => Promise<ReadonlyMap<string, string> | undefined>;
}

/** What the clone knows besides head. */
export interface Heads {
  /** What all work is merged into; absent where that is not known, or where head itself is its tip. */
  readonly trunk?: Head;
  /** Without what head contains, its own branch and that one's upstream; the newest first. */
  readonly others: readonly Head[];
  /** There are more, older than the last of `others`. */
  readonly more: boolean;
}

export interface PullRequest {
  readonly title: string;
  /** Markdown. */
  readonly body: string;
  readonly labels: readonly string[];
  /** Where it was read, for people: "the event file of GitHub". */
  readonly from?: string;
}

/** What a run judges. An audit is the change set from the empty tree: every file is added. */
export interface ChangeSet {
  readonly base: Snapshot;
  readonly head: Snapshot;
  /** Sorted by path. */
  readonly changes: readonly Change[];
  /** The commits between base and head, oldest first; empty where the change is not committed yet. */
  readonly commits: readonly Commit[];
  /** Who is making a change that is not committed yet. */
  readonly identity?: Person;
  readonly branch?: string;
  /** The message of a commit that is being made, as Git would store it. */
  readonly message?: string;
  /** What the commit that is being made holds, where only its message is judged and `changes` is empty. */
  readonly committing?: readonly Change[];
  /** The tag that is pushed, or that a CI run is about. */
  readonly tag?: string;
  /** A variable of the environment in which a change that is not committed yet is being made, such as AGENT. */
  readonly variable?: (name: string) => string | undefined;
  /** When head was made, where it is a commit, or stands on one without anybody's changes being asked for. */
  readonly made?: Date;
  readonly pullRequest?: PullRequest;
  readonly now: Date;
  /** A merge is being made, or is among the commits: what its sides brought can collide though nobody changed it here. */
  readonly joins?: true;
  /** In an audit, the migrations that have already run: nobody can mend them by an edit. */
  readonly applied?: ReadonlySet<string>;
  /** Who made each of these paths what it is, newest first. Absent where no history is at hand. */
  readonly history?: (paths: readonly string[]) => Promise<readonly Commit[]>;
  /**
   * What else is under way, as far as it has been fetched. Reads nothing before it is asked; `trunk` names a revision. Absent
   * where a change is judged for itself (an audit, one commit, named files).
   */
  readonly heads?: (trunk?: string) => Promise<Heads>;
  /** The policies of both sides, once the engine has read them. */
  readonly policies?: { readonly base?: ResolvedPolicy; readonly head: ResolvedPolicy };
  /** What became of each allow: filled by the engine after every other rule has been asked. */
  readonly allows?: readonly AllowUse[];
}
