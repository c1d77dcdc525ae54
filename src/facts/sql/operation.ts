import type { Range } from '../../core/finding.ts';
import type { Column, Constraint, Type } from './column.ts';
import type { Expression } from './expression.ts';
import type { Name } from './name.ts';

/** One thing done to one object. `kind` is PostgreSQL's own verb; switch on it. */
export type Operation =
  | CreateTable
  | CreateTableAs
  | CreateIndex
  | CreateView
  | CreateRoutine
  | CreateTrigger
  | CreatePolicy
  | CreateType
  | CreateDomain
  | CreateSequence
  | CreateExtension
  | CreatePublication
  | CreateRole
  | CreateOther
  | Drop
  | TableOperation
  | Rename
  | SetSchema
  | ChangeOwner
  | Comment
  | SecurityLabel
  | AddEnumValue
  | AlterSequence
  | AlterPolicy
  | AlterDomain
  | AlterPublication
  | AlterOther
  | Grant
  | GrantRole
  | DefaultPrivileges
  | Insert
  | Update
  | Delete
  | Merge
  | Truncate
  | Copy
  | Select
  | TransactionControl
  | SetSetting
  | Do
  | Call
  | RefreshMaterializedView
  | Reindex
  | Maintenance
  | Lock
  | Other;

/** What every operation has. */
interface Done {
  /** The part of the statement that does this: a sub-command of ALTER TABLE, one of several dropped objects, else the statement. */
  readonly at: Range;
}

/** Every kind of object that can be created or dropped by name. */
export type ObjectKind =
  | 'access method'
  | 'aggregate'
  | 'cast'
  | 'collation'
  | 'conversion'
  | 'database'
  | 'domain'
  | 'event trigger'
  | 'extension'
  | 'foreign data wrapper'
  | 'foreign table'
  | 'function'
  | 'index'
  | 'language'
  | 'materialized view'
  | 'operator'
  | 'operator class'
  | 'operator family'
  | 'owned'
  | 'policy'
  | 'procedure'
  | 'publication'
  | 'role'
  | 'routine'
  | 'rule'
  | 'schema'
  | 'sequence'
  | 'server'
  | 'statistics'
  | 'subscription'
  | 'table'
  | 'tablespace'
  | 'text search configuration'
  | 'text search dictionary'
  | 'text search parser'
  | 'text search template'
  | 'transform'
  | 'trigger'
  | 'type'
  | 'user mapping'
  | 'view';

/** What every CREATE says. */
interface Create<K extends ObjectKind = ObjectKind> extends Done {
  readonly object: K;
  /** Empty for an index that leaves its name to PostgreSQL. */
  readonly name: Name;
  readonly nameAt?: Range | undefined;
  readonly ifNotExists: boolean;
  readonly orReplace: boolean;
}

export interface CreateTable extends Create<'table' | 'foreign table'> {
  readonly kind: 'create table' | 'create foreign table';
  readonly temporary: boolean;
  readonly unlogged: boolean;
  readonly columns: readonly Column[];
  /** Those of the table; a column's own stand at the column. */
  readonly constraints: readonly Constraint[];
  readonly partitionBy?:
    { readonly strategy: 'range' | 'list' | 'hash'; readonly keys: readonly IndexKey[] } | undefined;
  readonly partitionOf?: { readonly parent: Name; readonly default: boolean } | undefined;
  readonly inherits: readonly Name[];
  readonly like: readonly { readonly table: Name; readonly all: boolean; readonly at: Range }[];
  readonly ofType?: Name | undefined;
  readonly accessMethod?: string | undefined;
  readonly tablespace?: string | undefined;
  /** Of a foreign table. */
  readonly server?: string | undefined;
}

/** CREATE TABLE ... AS and SELECT ... INTO. */
export interface CreateTableAs extends Create<'table'> {
  readonly kind: 'create table as';
  readonly form: 'create table as' | 'select into';
  readonly temporary: boolean;
  readonly unlogged: boolean;
  readonly withData: boolean;
  /** As far as they are written; empty where the query alone names them. */
  readonly columns: readonly string[];
  /** What the query gives, in order. */
  readonly outputs: readonly Output[];
  readonly query: Expression;
}

/** A column that a query gives. */
export interface Output {
  /** '*' for a star, '' where it cannot be told. */
  readonly name: string;
  /** The column that it passes on as it is. */
  readonly column?: { readonly table?: string | undefined; readonly column: string } | undefined;
  /** The type that it is cast to. */
  readonly type?: Type | undefined;
}

export interface IndexKey {
  /** Absent for an expression. */
  readonly column?: string | undefined;
  readonly expression?: Expression | undefined;
  readonly collation?: Name | undefined;
  readonly operatorClass?: Name | undefined;
  readonly descending: boolean;
}

export interface CreateIndex extends Create<'index'> {
  readonly kind: 'create index';
  readonly table: Name;
  /** False where PostgreSQL chooses the name: `name.name` is then empty. */
  readonly named: boolean;
  readonly concurrently: boolean;
  readonly unique: boolean;
  /** ON ONLY. */
  readonly only: boolean;
  readonly method: string;
  readonly keys: readonly IndexKey[];
  readonly include: readonly string[];
  readonly where?: Expression | undefined;
  readonly nullsNotDistinct: boolean;
}

export interface CreateView extends Create<'view' | 'materialized view'> {
  readonly kind: 'create view' | 'create materialized view';
  readonly temporary: boolean;
  readonly recursive: boolean;
  /** Column names as far as they are written before AS. */
  readonly columns: readonly string[];
  /** The names that the query gives its columns, where they can be told; '*' for a star. */
  readonly outputs: readonly string[];
  readonly query: Expression;
  /** WITH (...): security_invoker, security_barrier ...; lower case, the value as written ('true' where none is). */
  readonly options: ReadonlyMap<string, string>;
  /** Of a materialized view. */
  readonly withData: boolean;
}

export interface Parameter {
  readonly name?: string | undefined;
  readonly mode: 'in' | 'out' | 'inout' | 'variadic' | 'table';
  readonly type: Type;
  readonly default?: Expression | undefined;
}

export interface CreateRoutine extends Create<'function' | 'procedure' | 'aggregate'> {
  readonly kind: 'create function' | 'create procedure' | 'create aggregate';
  readonly parameters: readonly Parameter[];
  /** Absent for a procedure. */
  readonly returns?: Type | undefined;
  /** Lower case; 'sql' where only a SQL-standard body says so. */
  readonly language: string;
  readonly securityDefiner: boolean;
  readonly volatility: 'volatile' | 'stable' | 'immutable';
  /** SET clauses by lower-case name: search_path to "''", 'public, pg_temp', or 'from current'. */
  readonly settings: ReadonlyMap<string, string>;
  /** Absent for an aggregate and for bodies in C. */
  readonly body?: string | undefined;
  /** Where the body's text stands, without its quotes. */
  readonly bodyAt?: Range | undefined;
}

export interface CreateTrigger extends Create<'trigger'> {
  readonly kind: 'create trigger';
  readonly table: Name;
  readonly constraint: boolean;
  readonly timing: 'before' | 'after' | 'instead of';
  readonly events: readonly ('insert' | 'update' | 'delete' | 'truncate')[];
  /** UPDATE OF columns. */
  readonly columns: readonly string[];
  readonly forEach: 'row' | 'statement';
  readonly function: Name;
  readonly when?: Expression | undefined;
}

export interface CreatePolicy extends Create<'policy'> {
  readonly kind: 'create policy';
  readonly table: Name;
  readonly permissive: boolean;
  readonly command: 'all' | 'select' | 'insert' | 'update' | 'delete';
  /** ['public'] where TO is left out. */
  readonly roles: readonly string[];
  /** TO is written. */
  readonly rolesWritten: boolean;
  readonly using?: Expression | undefined;
  readonly withCheck?: Expression | undefined;
}

export interface CreateType extends Create<'type'> {
  readonly kind: 'create type';
  readonly form: 'enum' | 'composite' | 'range' | 'base' | 'shell';
  /** Of an enum. */
  readonly values: readonly string[];
  /** Of a composite type. */
  readonly columns: readonly Column[];
}

export interface CreateDomain extends Create<'domain'> {
  readonly kind: 'create domain';
  readonly type: Type;
  readonly constraints: readonly Constraint[];
  readonly notNull: boolean;
  readonly default?: Expression | undefined;
}

export interface CreateSequence extends Create<'sequence'> {
  readonly kind: 'create sequence';
  readonly temporary: boolean;
  readonly ownedBy?: { readonly table: Name; readonly column: string } | undefined;
}

export interface CreateExtension extends Create<'extension'> {
  readonly kind: 'create extension';
  readonly schema?: string | undefined;
  readonly version?: string | undefined;
  readonly cascade: boolean;
}

export interface CreatePublication extends Create<'publication'> {
  readonly kind: 'create publication';
  readonly allTables: boolean;
  readonly tables: readonly Name[];
  readonly schemas: readonly string[];
}

export interface CreateRole extends Create<'role'> {
  readonly kind: 'create role';
  readonly form: 'role' | 'user' | 'group';
  /** 'superuser', 'bypassrls', 'login', 'createdb' ... to true or false; others to their text. A password is only 'password' to true. */
  readonly options: ReadonlyMap<string, boolean | string>;
}

/** The rest: `name` says which, `on` the relation of a rule, a statistics object or a user mapping's server. */
export interface CreateOther extends Create {
  readonly kind: `create ${Exclude<
    ObjectKind,
    | 'table'
    | 'foreign table'
    | 'index'
    | 'view'
    | 'materialized view'
    | 'function'
    | 'procedure'
    | 'aggregate'
    | 'trigger'
    | 'policy'
    | 'type'
    | 'domain'
    | 'sequence'
    | 'extension'
    | 'publication'
    | 'role'
    | 'owned'
    | 'routine'
  >}`;
  readonly on?: Name | undefined;
}

export interface Drop extends Done {
  readonly kind: `drop ${ObjectKind}`;
  readonly object: ObjectKind;
  /** For DROP OWNED, the role; for a cast, its printed types. */
  readonly name: Name;
  readonly nameAt?: Range | undefined;
  readonly ifExists: boolean;
  readonly cascade: boolean;
  readonly concurrently: boolean;
  /** Of a policy, a trigger or a rule. */
  readonly on?: Name | undefined;
  /** Types of a routine's arguments, where they are written. */
  readonly arguments?: readonly Type[] | undefined;
  /** How many objects the statement drops. */
  readonly of: number;
}

/** A sub-command of ALTER TABLE (INDEX, VIEW, SEQUENCE, MATERIALIZED VIEW, FOREIGN TABLE), or an ALTER TYPE on a composite type. */
export type TableOperation = OnTable &
  (
    | { readonly kind: 'add column'; readonly column: Column; readonly ifNotExists: boolean }
    | { readonly kind: 'drop column'; readonly column: string; readonly ifExists: boolean; readonly cascade: boolean }
    | {
        readonly kind: 'alter column type';
        readonly column: string;
        readonly type: Type;
        readonly collation?: Name | undefined;
        readonly using?: Expression | undefined;
      }
    | { readonly kind: 'set default'; readonly column: string; readonly default: Expression }
    | { readonly kind: 'drop default'; readonly column: string }
    | { readonly kind: 'set not null' | 'drop not null'; readonly column: string }
    | { readonly kind: 'set expression'; readonly column: string; readonly expression: Expression }
    | { readonly kind: 'drop expression'; readonly column: string; readonly ifExists: boolean }
    | {
        readonly kind: 'add identity' | 'set identity';
        readonly column: string;
        readonly identity?: 'always' | 'by default' | undefined;
      }
    | { readonly kind: 'drop identity'; readonly column: string; readonly ifExists: boolean }
    | {
        readonly kind: 'set statistics' | 'set storage' | 'set compression';
        readonly column: string;
        readonly value: string;
      }
    | { readonly kind: 'set column options' | 'reset column options'; readonly column: string }
    | { readonly kind: 'add constraint'; readonly constraint: Constraint }
    | {
        readonly kind: 'drop constraint';
        readonly constraint: string;
        readonly ifExists: boolean;
        readonly cascade: boolean;
      }
    | { readonly kind: 'validate constraint' | 'alter constraint'; readonly constraint: string }
    | {
        readonly kind: 'enable trigger' | 'disable trigger';
        /** 'all' and 'user' are PostgreSQL's words for many at once: `many` is then true. */
        readonly trigger: string;
        readonly many: boolean;
        readonly fires?: 'always' | 'replica' | undefined;
      }
    | { readonly kind: 'enable rule' | 'disable rule'; readonly rule: string }
    | {
        readonly kind:
          | 'enable row level security'
          | 'disable row level security'
          | 'force row level security'
          | 'no force row level security'
          | 'set logged'
          | 'set unlogged'
          | 'set without cluster'
          | 'set without oids'
          | 'not of';
      }
    | { readonly kind: 'set tablespace' | 'set access method' | 'cluster on'; readonly value: string }
    | {
        /** SET (...) and RESET (...). */
        readonly kind: 'set options' | 'reset options';
        /** Lower case; the value as written. */
        readonly options: ReadonlyMap<string, string>;
      }
    | { readonly kind: 'inherit' | 'no inherit'; readonly parent: Name }
    | { readonly kind: 'of'; readonly type: Name }
    | {
        readonly kind: 'attach partition';
        readonly partition: Name;
        readonly default: boolean;
        readonly bound?: Expression | undefined;
      }
    | {
        readonly kind: 'detach partition';
        readonly partition: Name;
        readonly concurrently: boolean;
        readonly finalize: boolean;
      }
    | {
        readonly kind: 'replica identity';
        readonly value: 'default' | 'full' | 'nothing' | 'index';
        readonly index?: string | undefined;
      }
    | { readonly kind: 'alter table'; readonly what: string }
  );

interface OnTable extends Done {
  readonly table: Name;
  readonly tableAt?: Range | undefined;
  /** What the relation is said to be: ALTER TABLE reaches views and indexes too. */
  readonly object: 'table' | 'view' | 'materialized view' | 'index' | 'sequence' | 'foreign table' | 'type';
  /** ALTER TABLE IF EXISTS. */
  readonly tableIfExists: boolean;
  /** ALTER TABLE ONLY. */
  readonly only: boolean;
  /** The name of the column or constraint, where it is a name that can be pointed at. */
  readonly nameAt?: Range | undefined;
  /** How many sub-commands the statement has. */
  readonly of: number;
}

/** RENAME of every kind. `name` and `on` are as before the rename. */
export interface Rename extends Done {
  readonly kind: `rename ${ObjectKind | 'column' | 'constraint' | 'attribute' | 'enum value'}`;
  readonly object: ObjectKind | 'column' | 'constraint' | 'attribute' | 'enum value';
  readonly name: Name;
  readonly to: string;
  /** The relation, domain or type of a column, constraint, policy, trigger, rule, attribute or enum value. */
  readonly on?: Name | undefined;
  readonly ifExists: boolean;
}

export interface SetSchema extends Done {
  readonly kind: 'set schema';
  readonly object: ObjectKind;
  readonly name: Name;
  readonly schema: string;
  readonly ifExists: boolean;
}

export interface ChangeOwner extends Done {
  readonly kind: 'change owner';
  readonly object: ObjectKind;
  readonly name: Name;
  readonly owner: string;
}

export interface Comment extends Done {
  readonly kind: 'comment';
  readonly object: ObjectKind | 'column' | 'constraint' | 'large object';
  readonly name: Name;
  /** The relation of a column, constraint, policy, trigger or rule. */
  readonly on?: Name | undefined;
  /** Absent for IS NULL. */
  readonly text?: string | undefined;
}

export interface SecurityLabel extends Done {
  readonly kind: 'security label';
  readonly object: ObjectKind | 'column' | 'large object';
  readonly name: Name;
}

/** ALTER TYPE ... ADD VALUE. */
export interface AddEnumValue extends Done {
  readonly kind: 'add enum value';
  readonly type: Name;
  readonly value: string;
  readonly ifNotExists: boolean;
  readonly placed: 'before' | 'after' | 'last';
  readonly neighbour?: string | undefined;
}

export interface AlterSequence extends Done {
  readonly kind: 'alter sequence';
  readonly name: Name;
  readonly ifExists: boolean;
  readonly ownedBy?: { readonly table: Name; readonly column: string } | undefined;
  /** AS type, RESTART, INCREMENT ...: lower-case names of what is set. */
  readonly changes: readonly string[];
}

export interface AlterPolicy extends Done {
  readonly kind: 'alter policy';
  readonly name: Name;
  readonly table: Name;
  /** Absent where TO is left out. */
  readonly roles?: readonly string[] | undefined;
  readonly using?: Expression | undefined;
  readonly withCheck?: Expression | undefined;
}

export interface AlterDomain extends Done {
  readonly kind: 'alter domain';
  readonly name: Name;
  readonly action:
    | 'set default'
    | 'drop default'
    | 'set not null'
    | 'drop not null'
    | 'add constraint'
    | 'drop constraint'
    | 'validate constraint';
  readonly constraint?: Constraint | undefined;
  readonly constraintName?: string | undefined;
  readonly ifExists: boolean;
}

export interface AlterPublication extends Done {
  readonly kind: 'alter publication';
  readonly name: Name;
  readonly action: 'add' | 'drop' | 'set' | 'options';
  readonly tables: readonly Name[];
  readonly schemas: readonly string[];
  readonly allTables: boolean;
}

/** ALTER of what no other operation names. */
export interface AlterOther extends Done {
  readonly kind:
    | `alter ${Exclude<ObjectKind, 'sequence' | 'policy' | 'domain' | 'publication' | 'table' | 'owned'>}`
    | 'alter system';
  readonly object: ObjectKind | 'system';
  readonly name: Name;
  /** What is done, in lower case: options' names, 'security definer', 'set search_path', 'update', 'depends on extension' ... */
  readonly changes: readonly string[];
  /** For SET clauses of ALTER ROLE, DATABASE, SYSTEM and FUNCTION: setting to value; '' for RESET. */
  readonly settings: ReadonlyMap<string, string>;
  /** For ALTER ROLE, as in CREATE ROLE. */
  readonly options: ReadonlyMap<string, boolean | string>;
}

export interface Grant extends Done {
  readonly kind: 'grant' | 'revoke';
  /** Lower case; ['all'] for ALL [PRIVILEGES]. */
  readonly privileges: readonly string[];
  readonly object: ObjectKind | 'large object' | 'parameter';
  /** 'all' for ON ALL ... IN SCHEMA: `names` are then schemas. */
  readonly target: 'named' | 'all in schema';
  readonly names: readonly Name[];
  /** Columns, where privileges are limited to some. */
  readonly columns: readonly string[];
  /** Lower-case 'public' for everybody. */
  readonly roles: readonly string[];
  readonly grantOption: boolean;
  readonly cascade: boolean;
}

export interface GrantRole extends Done {
  readonly kind: 'grant role' | 'revoke role';
  readonly granted: readonly string[];
  readonly roles: readonly string[];
}

export interface DefaultPrivileges extends Done {
  readonly kind: 'alter default privileges';
  readonly grant: boolean;
  readonly privileges: readonly string[];
  /** 'table', 'sequence', 'function', 'type', 'schema' ... */
  readonly object: ObjectKind | 'large object';
  /** Empty where it holds in every schema. */
  readonly schemas: readonly string[];
  readonly forRoles: readonly string[];
  readonly roles: readonly string[];
}

export interface Insert extends Done {
  readonly kind: 'insert';
  readonly table: Name;
  /** Empty where the text names none. */
  readonly columns: readonly string[];
  readonly source: 'values' | 'select' | 'default values';
  /** How many rows VALUES gives. */
  readonly rows: number;
  /** The source: expressions of all its values, or the query. */
  readonly query?: Expression | undefined;
  readonly onConflict?:
    | {
        readonly action: 'nothing' | 'update';
        readonly columns: readonly string[];
        readonly constraint?: string | undefined;
        /** A target is written: ON CONFLICT (...) or ON CONSTRAINT. */
        readonly target: boolean;
      }
    | undefined;
  /** Inside WITH. */
  readonly inWith: boolean;
}

export interface Update extends Done {
  readonly kind: 'update';
  readonly table: Name;
  readonly sets: readonly { readonly column: string; readonly value: Expression }[];
  readonly where?: Expression | undefined;
  /** FROM, or a query in WITH, narrows what is updated. */
  readonly joined: boolean;
  readonly inWith: boolean;
}

export interface Delete extends Done {
  readonly kind: 'delete';
  readonly table: Name;
  readonly where?: Expression | undefined;
  /** USING is written. */
  readonly joined: boolean;
  readonly inWith: boolean;
}

export interface Merge extends Done {
  readonly kind: 'merge';
  readonly table: Name;
  readonly actions: readonly ('insert' | 'update' | 'delete' | 'nothing')[];
  readonly inWith: boolean;
}

export interface Truncate extends Done {
  readonly kind: 'truncate';
  readonly table: Name;
  readonly cascade: boolean;
  readonly restartIdentity: boolean;
}

export interface Copy extends Done {
  readonly kind: 'copy';
  /** Absent for COPY (query) TO. */
  readonly table?: Name | undefined;
  readonly direction: 'from' | 'to';
  readonly source: 'stdin' | 'stdout' | 'program' | 'file';
}

export interface Select extends Done {
  readonly kind: 'select';
  readonly query: Expression;
  /** FOR UPDATE, FOR SHARE ... */
  readonly locksRows: boolean;
}

export interface TransactionControl extends Done {
  readonly kind:
    | 'begin'
    | 'commit'
    | 'rollback'
    | 'savepoint'
    | 'release savepoint'
    | 'rollback to savepoint'
    | 'prepare transaction'
    | 'commit prepared'
    | 'rollback prepared'
    | 'set transaction'
    | 'set constraints';
  /** AND CHAIN. */
  readonly chain: boolean;
  readonly name?: string | undefined;
}

export interface SetSetting extends Done {
  readonly kind: 'set' | 'reset' | 'set local';
  /** Lower case; 'all' for RESET ALL, 'role' for SET ROLE, 'session_authorization', 'timezone'. */
  readonly setting: string;
  /** Printed values joined by ', '; absent for RESET, SET ... TO DEFAULT, and values that are computed. */
  readonly value?: string | undefined;
  /** SELECT set_config(...) says it. */
  readonly byFunction: boolean;
}

export interface Do extends Done {
  readonly kind: 'do';
  readonly language: string;
  readonly body: string;
  readonly bodyAt: Range;
}

export interface Call extends Done {
  readonly kind: 'call';
  readonly procedure: Name;
}

export interface RefreshMaterializedView extends Done {
  readonly kind: 'refresh materialized view';
  readonly name: Name;
  readonly concurrently: boolean;
  readonly withData: boolean;
}

export interface Reindex extends Done {
  readonly kind: 'reindex';
  readonly object: 'index' | 'table' | 'schema' | 'database' | 'system';
  /** Empty where the current database is meant. */
  readonly name: Name;
  readonly concurrently: boolean;
}

export interface Maintenance extends Done {
  readonly kind: 'vacuum' | 'analyze' | 'cluster';
  /** Absent where all tables are meant. */
  readonly table?: Name | undefined;
  readonly full: boolean;
}

export interface Lock extends Done {
  readonly kind: 'lock';
  readonly table: Name;
  /** 'access exclusive', 'share', ... */
  readonly mode: string;
  readonly nowait: boolean;
}

/** A statement that no operation describes; `tag` is PostgreSQL's command tag in lower case: 'listen', 'explain', 'discard all' ... */
export interface Other extends Done {
  readonly kind: 'other';
  readonly tag: string;
  readonly name?: Name | undefined;
}

/** The operation of one kind, as a type: Op<'drop column'>. */
export type Op<K extends Operation['kind']> = OfKind<Operation, K>;
type OfKind<O, K> = O extends { readonly kind: infer T } ? (K extends T ? O & { readonly kind: K } : never) : never;
