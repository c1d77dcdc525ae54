import type { Location } from '../../core/finding.ts';
import type { Name } from '../sql/name.ts';
import type {
  Extension,
  Gap,
  Gone,
  Index,
  Namespace,
  Policy,
  Publication,
  Relation,
  Role,
  Routine,
  Sequence,
  Table,
  TableConstraint,
  Trigger,
  UserType,
  View,
} from './objects.ts';

/**
 * Everything that a database holds at one point of a history. A name without a schema is looked for along the search_path
 * that holds at this point. Answers do not change when the replay goes on.
 */
export interface Schema {
  /** False where the history does not tell the whole truth up to here; `gaps` says why. Absence then proves nothing. */
  readonly complete: boolean;
  /** The reasons so far, the first one first. */
  readonly gaps: readonly Gap[];
  readonly searchPath: readonly string[];
  readonly relation: (name: Name) => Relation | undefined;
  readonly table: (name: Name) => Table | undefined;
  readonly view: (name: Name) => View | undefined;
  readonly index: (name: Name) => Index | undefined;
  readonly sequence: (name: Name) => Sequence | undefined;
  readonly type: (name: Name) => UserType | undefined;
  /** All of this name: they differ in their arguments. */
  readonly routines: (name: Name) => readonly Routine[];
  readonly namespace: (name: string) => Namespace | undefined;
  readonly role: (name: string) => Role | undefined;
  readonly extension: (name: string) => Extension | undefined;
  readonly publication: (name: string) => Publication | undefined;
  readonly policy: (table: Name, policy: string) => Policy | undefined;
  readonly trigger: (table: Name, trigger: string) => Trigger | undefined;
  readonly constraint: (table: Name, constraint: string) => TableConstraint | undefined;
  readonly tables: () => readonly Table[];
  readonly views: () => readonly View[];
  readonly sequences: () => readonly Sequence[];
  readonly types: () => readonly UserType[];
  readonly allRoutines: () => readonly Routine[];
  readonly namespaces: () => readonly Namespace[];
  readonly roles: () => readonly Role[];
  readonly extensions: () => readonly Extension[];
  readonly publications: () => readonly Publication[];
  /** Every foreign key that points at a table, its own included. */
  readonly referencing: (table: Name) => readonly { readonly table: Table; readonly constraint: TableConstraint }[];
  /** Views that read a relation, or, with a column, that certainly read it. */
  readonly viewsOn: (relation: Name, column?: string) => readonly View[];
  /** Partitions and inheriting tables, one level down. */
  readonly children: (table: Name) => readonly Table[];
  readonly status: (kind: Kind, name: Name, on?: Name) => Status;
}

/** What can be asked for by name. Those from 'column' on belong to the relation `on`; a routine stands for all of its name. */
export type Kind =
  | 'relation'
  | 'type'
  | 'routine'
  | 'schema'
  | 'role'
  | 'extension'
  | 'publication'
  | 'column'
  | 'constraint'
  | 'policy'
  | 'trigger'
  | 'rule';

/** What is known of a name. */
export type Status =
  | { readonly is: 'there' }
  /** It was there, and then dropped, renamed or moved. */
  | { readonly is: 'gone'; readonly gone: Gone }
  /** A later migration makes it, for the first time. */
  | { readonly is: 'later'; readonly made: Location }
  /** PostgreSQL, the platform, an extension or the runner brings it, as far as names tell. */
  | { readonly is: 'provided' }
  /** Nobody in this history makes it; with `complete`, it is not there. */
  | { readonly is: 'unknown' };
