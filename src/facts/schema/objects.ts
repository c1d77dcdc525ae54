import type { Location } from '../../core/finding.ts';
import type { Action, Constraint, Type } from '../sql/column.ts';
import type { Expression } from '../sql/expression.ts';
import type { CreateTable, IndexKey, Parameter } from '../sql/operation.ts';
import type { Statement } from '../sql/statement.ts';

/** A name whose schema is known. */
export interface FullName {
  readonly schema: string;
  readonly name: string;
}

/** Where an object comes from. Without `made`, it was there before the first migration. */
export interface Life {
  /** The statement that made it, or first showed that it was there. */
  readonly made?: Location | undefined;
  /** The statement that changed it last; the one that made it where none did. */
  readonly touched?: Location | undefined;
}

/** What became of an object that is no longer there under its name. */
export interface Gone {
  readonly what: 'dropped' | 'renamed' | 'moved';
  /** Its new name, where it has one; of a column, policy and the like, only `name` counts. */
  readonly to?: FullName | undefined;
  /** It went with something else: 'table public.users', 'column public.users.email', 'schema app'. */
  readonly with?: string | undefined;
  readonly by: Location;
}

/** Role ('public' for everybody) to privileges in lower case; one that is limited to a column is 'select(email)'. */
export type Grants = ReadonlyMap<string, ReadonlySet<string>>;

/** What has a name among relations. */
export type Relation = Table | View | Index | Sequence;

export interface Table extends Life {
  readonly kind: 'table' | 'partitioned table' | 'foreign table';
  readonly name: FullName;
  /** By name, in order. */
  readonly columns: ReadonlyMap<string, TableColumn>;
  /** False where it may have more columns than these. */
  readonly columnsKnown: boolean;
  readonly constraints: readonly TableConstraint[];
  /** Those of constraints included. */
  readonly indexes: readonly Index[];
  readonly policies: readonly Policy[];
  readonly triggers: readonly Trigger[];
  readonly rules: readonly Named[];
  readonly rowSecurity: boolean;
  readonly forceRowSecurity: boolean;
  /** Tables that it inherits from; of a partition, the one that it is a part of. */
  readonly parents: readonly FullName[];
  readonly isPartition: boolean;
  readonly partitionBy?: CreateTable['partitionBy'];
  readonly temporary: boolean;
  readonly unlogged: boolean;
  readonly replicaIdentity: 'default' | 'full' | 'nothing' | 'index';
  /** Empty for the owner's own rights. */
  readonly grants: Grants;
  readonly owner?: string | undefined;
  /** No migration made it: a statement only showed that it is there. */
  readonly assumed: boolean;
  /** What became of its columns, constraints, policies, triggers and rules: 'column email', 'policy Users can read'. */
  readonly former: ReadonlyMap<string, Gone>;
}

export interface TableColumn extends Life {
  readonly name: string;
  /** serial is the integer that it stands for; a type of the history has its schema. Absent where a query gives it and does not tell. */
  readonly type?: Type | undefined;
  readonly notNull: boolean;
  readonly default?: Expression | undefined;
  readonly generated?:
    | {
        readonly stored: boolean;
        readonly expression: Expression;
        /** The columns that it is made from, under their present names. */
        readonly columns: readonly string[];
      }
    | undefined;
  readonly identity?: 'always' | 'by default' | undefined;
  /** The sequence of a serial or an identity. */
  readonly sequence?: FullName | undefined;
  /** It comes from a parent table and cannot be dropped here. */
  readonly inherited: boolean;
}

export interface TableConstraint extends Life {
  readonly kind: Exclude<Constraint['kind'], 'not null' | 'null'>;
  /** As PostgreSQL has it, chosen by it or not. */
  readonly name: string;
  /** The constrained ones, or those that a check reads, under their present names. */
  readonly columns: readonly string[];
  /** Of a check. */
  readonly expression?: Expression | undefined;
  readonly references?: ForeignKey | undefined;
  /** False from NOT VALID on until VALIDATE. */
  readonly validated: boolean;
  readonly enforced: boolean;
  readonly deferrable: boolean;
  readonly inherited: boolean;
  readonly noInherit: boolean;
}

export interface ForeignKey {
  readonly table: FullName;
  /** The primary key's where none are written. */
  readonly columns: readonly string[];
  readonly onDelete: Action;
  readonly onUpdate: Action;
}

export interface Index extends Life {
  readonly kind: 'index';
  readonly name: FullName;
  readonly table: FullName;
  readonly unique: boolean;
  readonly method: string;
  readonly keys: readonly IndexKey[];
  readonly include: readonly string[];
  readonly where?: Expression | undefined;
  /** Every column that it needs, under their present names: those of keys, INCLUDE, expressions and WHERE. */
  readonly columns: readonly string[];
  /** What PostgreSQL called its columns when it was made; copies of it are named after them. */
  readonly columnNames: readonly string[];
  readonly nullsNotDistinct: boolean;
  /** The constraint that it serves. */
  readonly constraint?: string | undefined;
  /** Of a partitioned table, ON ONLY: it covers no partition until all of theirs are attached. */
  readonly only: boolean;
}

export interface View extends Life {
  readonly kind: 'view' | 'materialized view';
  readonly name: FullName;
  /** Names of its columns; '' where one cannot be told. */
  readonly columns: readonly string[];
  /** False where a star stands for columns that are not known. */
  readonly columnsKnown: boolean;
  readonly query: Expression;
  readonly uses: Uses;
  /** Lower case: security_invoker, security_barrier, check_option. */
  readonly options: ReadonlyMap<string, string>;
  /** Of a materialized view. */
  readonly indexes: readonly Index[];
  readonly triggers: readonly Trigger[];
  readonly rules: readonly Named[];
  readonly temporary: boolean;
  readonly grants: Grants;
  readonly owner?: string | undefined;
  readonly former: ReadonlyMap<string, Gone>;
}

/** What an expression needs of the schema. Columns stand only where it is certain whose they are. */
export interface Uses {
  readonly relations: readonly FullName[];
  readonly columns: readonly { readonly table: FullName; readonly column: string }[];
  /** As written where the history does not make them. */
  readonly functions: readonly { readonly schema?: string | undefined; readonly name: string }[];
}

export interface Sequence extends Life {
  readonly kind: 'sequence';
  readonly name: FullName;
  readonly ownedBy?: { readonly table: FullName; readonly column: string } | undefined;
  readonly temporary: boolean;
  readonly grants: Grants;
}

export interface Policy extends Life {
  readonly name: string;
  readonly permissive: boolean;
  readonly command: 'all' | 'select' | 'insert' | 'update' | 'delete';
  /** ['public'] where TO is left out. */
  readonly roles: readonly string[];
  readonly using?: Expression | undefined;
  readonly withCheck?: Expression | undefined;
  readonly uses: Uses;
}

export interface Trigger extends Life {
  readonly name: string;
  readonly timing: 'before' | 'after' | 'instead of';
  readonly events: readonly ('insert' | 'update' | 'delete' | 'truncate')[];
  readonly columns: readonly string[];
  readonly forEach: 'row' | 'statement';
  readonly function: { readonly schema?: string | undefined; readonly name: string };
  readonly enabled: boolean;
}

export interface Named extends Life {
  readonly name: string;
}

export interface Routine extends Life {
  readonly kind: 'function' | 'procedure' | 'aggregate';
  readonly name: FullName;
  readonly parameters: readonly Parameter[];
  /** Types of what a caller passes: 'text', 'app.kind[]'. Two routines of one name differ in them. */
  readonly signature: readonly string[];
  readonly returns?: Type | undefined;
  readonly language: string;
  readonly securityDefiner: boolean;
  readonly volatility: 'volatile' | 'stable' | 'immutable';
  /** SET clauses by lower-case name. */
  readonly settings: ReadonlyMap<string, string>;
  /** Statements of its body, which run when it is called; none for a body that is not SQL. */
  readonly body: () => readonly Statement[];
  readonly bodyText?: string | undefined;
  /** 'public' may execute unless it was revoked. */
  readonly grants: Grants;
  readonly owner?: string | undefined;
}

/** A type or a domain. */
export interface UserType extends Life {
  readonly kind: 'enum' | 'composite' | 'range' | 'base' | 'shell' | 'domain';
  readonly name: FullName;
  /** Of an enum, in order. */
  readonly values: readonly string[];
  /** Of a composite type. */
  readonly columns: ReadonlyMap<string, Type>;
  /** Of a domain. */
  readonly base?: Type | undefined;
  readonly notNull: boolean;
  /** Of a domain: its checks, by the names that PostgreSQL has for them. */
  readonly constraints: readonly TableConstraint[];
  readonly grants: Grants;
}

export interface Namespace extends Life {
  readonly name: string;
  /** No migration made it: something was put into it all the same. */
  readonly assumed?: true;
  readonly grants: Grants;
}

export interface Role extends Life {
  readonly name: string;
  readonly options: ReadonlyMap<string, boolean | string>;
}

export interface Extension extends Life {
  readonly name: string;
  readonly schema?: string | undefined;
}

export interface Publication extends Life {
  readonly name: string;
  readonly allTables: boolean;
  readonly tables: readonly FullName[];
  readonly schemas: readonly string[];
}

/** Why the replay cannot vouch for what it shows. */
export interface Gap {
  /**
   * 'unknown object': a statement needs what nobody made; 'dynamic SQL': a text that only a run would know was executed; 'unread':
   * a file or a statement that cannot be read; 'other language': a migration that is no SQL.
   */
  readonly kind: 'unknown object' | 'dynamic SQL' | 'unread' | 'other language';
  /** A clause without capital and full stop: "20240101_init.sql alters users, which no migration creates". */
  readonly reason: string;
  readonly at: Location;
}
