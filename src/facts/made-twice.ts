import type { Location } from '../core/finding.ts';
import type { Moment } from './dependencies.ts';
import type { Routine, Schema } from './schema/schema.ts';
import { printColumn, printIdentifier, printName, type Name } from './sql/name.ts';
import type { CreateRoutine, Operation } from './sql/operation.ts';

/** Something that an operation makes although it is there. */
export interface MadeTwice {
  /** "table users", "column users.email". */
  readonly what: string;
  /** The statement that made it first. */
  readonly made: Location;
}

/** Undefined where it is not there, or may be there: IF NOT EXISTS and OR REPLACE let it pass. */
export function madeTwice({ operation, before }: Pick<Moment, 'operation' | 'before'>): MadeTwice | undefined {
  if (('ifNotExists' in operation && operation.ifNotExists) || ('orReplace' in operation && operation.orReplace))
    return undefined;
  // What the replay does not see may have dropped it.
  if (before.gaps.some(({ kind }) => kind !== 'unknown object')) return undefined;
  const found = there(operation, before);
  // What the platform brings differs from version to version.
  return found?.by?.made && { what: found.what, made: found.by.made };
}

interface There {
  readonly what: string;
  readonly by: { readonly made?: Location | undefined; readonly assumed?: boolean } | undefined;
}

function there(operation: Operation, before: Schema): There | undefined {
  const placed = (name: Name): Name => ({ schema: name.schema ?? before.searchPath[0] ?? 'public', name: name.name });
  switch (operation.kind) {
    case 'create table':
    case 'create foreign table':
    case 'create table as':
    case 'create view':
    case 'create materialized view':
    case 'create sequence': {
      if ('temporary' in operation && operation.temporary) return undefined;
      const by = before.relation(placed(operation.name));
      return by && 'assumed' in by && by.assumed
        ? undefined
        : { what: `${operation.object} ${printName(operation.name)}`, by };
    }
    case 'create index': {
      const table = before.table(operation.table) ?? before.view(operation.table);
      if (!operation.named || !table) return undefined;
      return {
        what: `index ${printName(operation.name)}`,
        by: before.relation({ schema: table.name.schema, name: operation.name.name }),
      };
    }
    case 'create type':
    case 'create domain':
      return { what: `${operation.object} ${printName(operation.name)}`, by: before.type(placed(operation.name)) };
    case 'create schema':
      return { what: `schema ${printIdentifier(operation.name.name)}`, by: before.namespace(operation.name.name) };
    case 'create role':
      return { what: `role ${printIdentifier(operation.name.name)}`, by: before.role(operation.name.name) };
    case 'create extension':
      return { what: `extension ${printIdentifier(operation.name.name)}`, by: before.extension(operation.name.name) };
    case 'create publication':
      return {
        what: `publication ${printIdentifier(operation.name.name)}`,
        by: before.publication(operation.name.name),
      };
    case 'create policy':
      return {
        what: `policy ${printColumn(operation.table, operation.name.name)}`,
        by: before.policy(operation.table, operation.name.name),
      };
    case 'create trigger':
      return {
        what: `trigger ${printColumn(operation.table, operation.name.name)}`,
        by: before.trigger(operation.table, operation.name.name),
      };
    case 'create function':
    case 'create procedure':
      return {
        what: `${operation.object} ${printName(operation.name)}()`,
        by: before.routines(placed(operation.name)).find((own) => sameParameters(own, operation)),
      };
    case 'add column': {
      if (operation.object === 'type') return undefined;
      const { name } = operation.column;
      const column = before.table(operation.table)?.columns.get(name);
      return column && !column.inherited
        ? { what: `column ${printColumn(operation.table, name)}`, by: column }
        : undefined;
    }
    case 'add constraint': {
      const { name } = operation.constraint;
      if (name === undefined) return undefined;
      return { what: `constraint ${printColumn(operation.table, name)}`, by: before.constraint(operation.table, name) };
    }
    default:
      return undefined;
  }
}

/** Types as they are written: two ways to write one type are not taken for the same. */
function sameParameters(routine: Routine, operation: CreateRoutine): boolean {
  const passed = ({ parameters }: Pick<Routine, 'parameters'>): string =>
    parameters
      .filter(({ mode }) => mode !== 'out' && mode !== 'table')
      .map(({ type }) => `${printName(type)}${'[]'.repeat(type.dimensions)}`)
      .join(', ');
  return passed(routine) === passed(operation);
}
