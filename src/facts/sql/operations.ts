import type { CreateTableAsStmt, Node } from 'libpg-query';
import { kindOf } from './nodes.ts';
import type { Operation } from './operation.ts';
import * as alters from './operations/alters.ts';
import { alterTable } from './operations/alter-table.ts';
import * as creates from './operations/creates.ts';
import * as data from './operations/data.ts';
import * as drops from './operations/drops.ts';
import { createIndex } from './operations/indexes.ts';
import * as others from './operations/others.ts';
import * as policies from './operations/policies.ts';
import * as privileges from './operations/privileges.ts';
import * as routines from './operations/routines.ts';
import * as session from './operations/session.ts';
import * as tables from './operations/tables.ts';
import * as types from './operations/types.ts';
import * as views from './operations/views.ts';
import type { Source } from './source.ts';

type Kind = Node extends infer N ? (N extends N ? keyof N : never) : never;
type Body<K> = Node extends infer N ? (N extends Record<K & string, infer B> ? B : never) : never;
type Readers = { readonly [K in Kind]?: (source: Source, body: Body<K>) => readonly Operation[] };

/** One reader for each kind of statement; what is not here is read by `others`. */
const READERS: Readers = {
  AlterDatabaseSetStmt: others.alterDatabaseSettings,
  AlterDefaultPrivilegesStmt: privileges.alterDefaultPrivileges,
  AlterDomainStmt: types.alterDomain,
  AlterEnumStmt: alters.alterEnum,
  AlterFunctionStmt: others.alterRoutine,
  AlterObjectSchemaStmt: alters.setSchema,
  AlterOperatorStmt: others.alterOperator,
  AlterOwnerStmt: alters.changeOwner,
  AlterPolicyStmt: policies.alterPolicy,
  AlterPublicationStmt: creates.alterPublication,
  AlterRoleSetStmt: creates.alterRoleSettings,
  AlterRoleStmt: creates.alterRole,
  AlterSeqStmt: creates.alterSequence,
  AlterSystemStmt: others.alterSystem,
  AlterTableMoveAllStmt: others.moveAll,
  AlterTableStmt: alterTable,
  CallStmt: session.call,
  ClusterStmt: session.cluster,
  CommentStmt: alters.comment,
  CompositeTypeStmt: types.createComposite,
  ConstraintsSetStmt: session.setConstraints,
  CopyStmt: data.copy,
  CreateCastStmt: creates.createCast,
  CreateDomainStmt: types.createDomain,
  CreateEnumStmt: types.createEnum,
  CreateExtensionStmt: creates.createExtension,
  CreateForeignTableStmt: tables.createForeignTable,
  CreateFunctionStmt: routines.createRoutine,
  CreatePolicyStmt: policies.createPolicy,
  CreatePublicationStmt: creates.createPublication,
  CreateRangeStmt: types.createRange,
  CreateRoleStmt: creates.createRole,
  CreateSchemaStmt: creates.createSchema,
  CreateSeqStmt: creates.createSequence,
  CreateStatsStmt: others.createStatistics,
  CreateStmt: tables.createTable,
  CreateTableAsStmt: (source: Source, stmt: CreateTableAsStmt) =>
    stmt.objtype === 'OBJECT_MATVIEW' ? views.createMaterializedView(source, stmt) : tables.createTableAs(source, stmt),
  CreateTransformStmt: others.createTransform,
  CreateTrigStmt: policies.createTrigger,
  CreateUserMappingStmt: others.createUserMapping,
  DefineStmt: types.define,
  DeleteStmt: data.remove,
  DiscardStmt: session.discard,
  DoStmt: routines.doBlock,
  DropOwnedStmt: drops.dropOwned,
  DropRoleStmt: drops.dropRole,
  DropStmt: drops.drop,
  DropSubscriptionStmt: drops.dropSubscription,
  DropTableSpaceStmt: drops.dropTablespace,
  DropUserMappingStmt: drops.dropUserMapping,
  DropdbStmt: drops.dropDatabase,
  ExplainStmt: others.explain,
  GrantRoleStmt: privileges.grantRole,
  GrantStmt: privileges.grant,
  IndexStmt: createIndex,
  InsertStmt: data.insert,
  LockStmt: session.lock,
  MergeStmt: data.merge,
  RefreshMatViewStmt: session.refresh,
  ReindexStmt: session.reindex,
  RenameStmt: alters.rename,
  RuleStmt: others.createRule,
  SecLabelStmt: alters.securityLabel,
  SelectStmt: data.select,
  TransactionStmt: session.transaction,
  TruncateStmt: data.truncate,
  UpdateStmt: data.update,
  VacuumStmt: session.vacuum,
  VariableSetStmt: session.set,
  ViewStmt: views.createView,
};

/** What a statement does, one operation for each object that it does something to. Never empty. */
export function operationsOf(source: Source): readonly Operation[] {
  const kind = kindOf(source.node);
  const body = (source.node as unknown as Readonly<Record<string, Readonly<Record<string, unknown>>>>)[kind] ?? {};
  const read = READERS[kind as Kind] as ((source: Source, body: unknown) => readonly Operation[]) | undefined;
  const operations = read ? read(source, body) : others.other(source, kind, body);
  return operations.length > 0 ? operations : others.other(source, kind, body);
}
