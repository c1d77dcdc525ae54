import type { Snapshot } from '../../core/snapshot.ts';
import { schemaBefore, type Schema } from '../schema/schema.ts';
import { printName } from './name.ts';
import type { Operation } from './operation.ts';
import type { JudgedStatement, Statement } from './statement.ts';

/** An operation that PostgreSQL refuses where it stands. */
export interface Refused {
  /** In SQL's words: "CREATE INDEX CONCURRENTLY". */
  readonly what: string;
  /** 'do': a DO block, which is never outside a transaction. 'string': the file is sent as one string. */
  readonly where: 'explicit' | 'runner' | 'string' | 'do';
}

/**
 * Whether PostgreSQL refuses an operation because it runs inside a transaction (SQLSTATE 25001, for COMMIT inside a DO block or
 * a procedure 2D000). `by` is the statement that does it: `statement` itself, or one inside its DO block.
 */
export async function refused(
  snapshot: Snapshot,
  statement: JudgedStatement,
  operation: Operation,
  by: Statement,
): Promise<Refused | undefined> {
  const version = statement.migration?.folder.postgres ?? 15;
  const schema = (): Promise<Schema> => schemaBefore(snapshot, statement, operation);
  const what =
    outsideOnly(operation, by.text, version) ?? (await asTheSchemaIs(operation, schema)) ?? control(operation, by);
  if (what === undefined) return undefined;
  const ends = operation.kind === 'call' || operation.kind === 'commit' || operation.kind === 'rollback';
  if (by.within === 'do' && !ends) return { what, where: 'do' };
  switch (statement.transaction.kind) {
    case 'explicit':
    case 'runner':
      return { what, where: statement.transaction.kind };
    case 'implicit':
      return { what, where: 'string' };
    case 'none':
      return undefined;
  }
}

/** What never runs inside a transaction, whatever it is done to. */
export function outsideOnly(operation: Operation, text: string, version = 15): string | undefined {
  switch (operation.kind) {
    case 'create index':
    case 'drop index':
      return operation.concurrently ? `${operation.kind.toUpperCase()} CONCURRENTLY` : undefined;
    case 'detach partition':
      return operation.concurrently ? 'DETACH PARTITION CONCURRENTLY' : undefined;
    case 'reindex':
      if (operation.concurrently) return 'REINDEX CONCURRENTLY';
      return operation.object === 'index' || operation.object === 'table'
        ? undefined
        : `REINDEX ${operation.object.toUpperCase()}`;
    case 'vacuum':
      return 'VACUUM';
    case 'cluster':
      return operation.table ? undefined : 'CLUSTER without a table';
    case 'create database':
    case 'drop database':
    case 'create tablespace':
    case 'drop tablespace':
    case 'drop subscription':
    case 'alter system':
    case 'commit prepared':
    case 'rollback prepared':
      return operation.kind.toUpperCase();
    case 'create subscription':
      return /\b(?:connect|create_slot)\s*=\s*'?(?:false|off|0)\b/i.test(text) ? undefined : 'CREATE SUBSCRIPTION';
    case 'add enum value':
      return version < 12 ? 'ALTER TYPE ... ADD VALUE' : undefined;
    case 'other':
      return operation.tag === 'discard all' ? 'DISCARD ALL' : undefined;
    default:
      return undefined;
  }
}

/** COMMIT and ROLLBACK end a transaction that a DO block did not start. */
const control = (operation: Operation, { within }: Statement): string | undefined =>
  within === 'do' && (operation.kind === 'commit' || operation.kind === 'rollback')
    ? `${operation.kind.toUpperCase()} in a DO block`
    : undefined;

/** Partitioned tables are clustered and reindexed one by one, and a procedure may commit. */
async function asTheSchemaIs(operation: Operation, schema: () => Promise<Schema>): Promise<string | undefined> {
  switch (operation.kind) {
    case 'cluster':
      return operation.table && (await schema()).table(operation.table)?.partitionBy
        ? 'CLUSTER of a partitioned table'
        : undefined;
    case 'reindex':
      return operation.object === 'table' && (await schema()).table(operation.name)?.partitionBy
        ? 'REINDEX of a partitioned table'
        : undefined;
    case 'call': {
      const bodies = (await schema()).routines(operation.procedure).flatMap(({ body }) => body());
      const ends = bodies.some(({ operations }) =>
        operations.some(({ kind }) => kind === 'commit' || kind === 'rollback'),
      );
      return ends ? `CALL ${printName(operation.procedure)}(), which ends a transaction,` : undefined;
    }
    default:
      return undefined;
  }
}
