import type { Moment } from './dependencies.ts';
import type { FullName, Schema, Table, Uses } from './schema/schema.ts';
import { printColumn, printIdentifier, printName, sameName, type Name } from './sql/name.ts';
import type { Drop, Operation, Rename } from './sql/operation.ts';

/** What an operation takes away or alters while other things hang on it. */
export interface Breakage {
  /** "Drops column users.email". */
  readonly does: string;
  /** "view active_users", "policy notes.own". */
  readonly dependents: readonly string[];
  /** 'refused': PostgreSQL stops the migration. 'later': it goes through, and what hangs on it fails when it is used. */
  readonly ends: 'refused' | 'later';
}

/** Undefined where nothing that is known hangs on it. CASCADE takes what hangs on it along, which is another rule's matter. */
export function breakage({ operation, by, before, replay }: Moment): Breakage | undefined {
  if (before.gaps.some(({ kind }) => kind !== 'unknown object')) return undefined;
  const refused = (does: string, dependents: readonly string[]): Breakage | undefined =>
    dependents.length === 0 ? undefined : { does, dependents: [...new Set(dependents)].sort(), ends: 'refused' };
  switch (operation.kind) {
    case 'alter column type': {
      const table = before.table(operation.table);
      const column = printColumn(operation.table, operation.column);
      return table && refused(`Changes the type of column ${column}`, onColumn(before, table, operation.column, false));
    }
    case 'drop column': {
      const table = operation.cascade ? undefined : before.table(operation.table);
      const column = printColumn(operation.table, operation.column);
      return table && refused(`Drops column ${column}`, onColumn(before, table, operation.column, true));
    }
    case 'drop table':
    case 'drop foreign table':
    case 'drop view':
    case 'drop materialized view': {
      const relation = before.relation(operation.name);
      if (!relation) return undefined;
      const together = by.operations.filter(isDrop).map(({ name }) => name);
      const found = operation.cascade ? [] : onRelation(before, operation.name, together);
      return (
        refused(`Drops ${operation.object} ${printName(operation.name)}`, found) ??
        later(operation, relation.name, before, replay, 'Drops')
      );
    }
    case 'rename table':
    case 'rename view': {
      const relation = before.relation(operation.name);
      return relation && later(operation, relation.name, before, replay, 'Renames');
    }
    case 'drop function':
    case 'drop procedure': {
      // Of several with one name, the drop may mean any.
      if (operation.cascade || before.routines(operation.name).length !== 1) return undefined;
      return refused(
        `Drops ${operation.object} ${printName(operation.name)}()`,
        onRoutine(before, before.routines(operation.name)[0]!.name),
      );
    }
    case 'drop type':
    case 'drop domain': {
      const type = operation.cascade ? undefined : before.type(operation.name);
      return type && refused(`Drops ${operation.object} ${printName(operation.name)}`, onType(before, type.name));
    }
    default:
      return undefined;
  }
}

const isDrop = (operation: Operation): operation is Drop => operation.kind.startsWith('drop ') && 'name' in operation;

const same = (a: FullName, b: FullName): boolean => a.name === b.name && a.schema === b.schema;

function onColumn(before: Schema, table: Table, column: string, dropped: boolean): string[] {
  const uses = ({ columns }: Uses): boolean =>
    columns.some((own) => own.column === column && same(own.table, table.name));
  return [
    ...before.viewsOn(table.name, column).map(({ kind, name }) => `${kind} ${printName(name)}`),
    ...before
      .tables()
      .flatMap((other) =>
        other.policies
          .filter((policy) => uses(policy.uses))
          .map(({ name }) => `policy ${printIdentifier(name)} on ${printName(other.name)}`),
      ),
    ...[...table.columns.values()]
      .filter(({ name, generated }) => name !== column && generated?.columns.includes(column))
      .map(({ name }) => `generated column ${printColumn(table.name, name)}`),
    ...(dropped
      ? []
      : table.triggers
          .filter(({ columns }) => columns.includes(column))
          .map(({ name }) => `trigger ${printIdentifier(name)}`)),
  ];
}

function onRelation(before: Schema, name: Name, together: readonly Name[]): string[] {
  const goes = (other: FullName): boolean => together.some((own) => sameName(own, other));
  return [
    ...before
      .viewsOn(name)
      .filter((view) => !goes(view.name))
      .map(({ kind, name: view }) => `${kind} ${printName(view)}`),
    ...before
      .referencing(name)
      .filter(({ table }) => !goes(table.name))
      .map(({ table, constraint }) => `foreign key ${printColumn(table.name, constraint.name)}`),
  ];
}

function onRoutine(before: Schema, routine: FullName): string[] {
  const calls = ({ name, schema }: { readonly schema?: string | undefined; readonly name: string }): boolean =>
    name === routine.name && (schema === undefined || schema === routine.schema);
  return before
    .tables()
    .flatMap((table) => [
      ...table.triggers
        .filter((trigger) => calls(trigger.function))
        .map(({ name }) => `trigger ${printIdentifier(name)} on ${printName(table.name)}`),
      ...table.policies
        .filter((policy) => policy.uses.functions.some(calls))
        .map(({ name }) => `policy ${printIdentifier(name)} on ${printName(table.name)}`),
    ]);
}

const onType = (before: Schema, type: FullName): string[] =>
  before
    .tables()
    .flatMap(({ name, columns }) =>
      [...columns.values()]
        .filter((column) => column.type?.name === type.name && column.type.schema === type.schema)
        .map((column) => `column ${printColumn(name, column.name)}`),
    );

/** Bodies of functions name things anew each time they are called. Judged by what is there once all migrations have run. */
function later(
  { object, name: old }: Pick<Drop | Rename, 'object' | 'name'>,
  relation: FullName,
  before: Schema,
  { end }: Moment['replay'],
  verb: string,
): Breakage | undefined {
  if (end.status('relation', relation).is !== 'gone' || !end.complete) return undefined;
  const known = new Set(before.allRoutines().map(({ name }) => printName(name)));
  const dependents = end.allRoutines().filter(({ name, body, settings }) => {
    // A search_path of its own, or an object of that name elsewhere, may mean something else.
    if (!known.has(printName(name)) || settings.has('search_path')) return false;
    return body().some((statement) =>
      statement
        .uses()
        .some(
          (use) =>
            use.object === 'relation' &&
            use.name.name === relation.name &&
            (use.name.schema === relation.schema ||
              (use.name.schema === undefined && end.status('relation', use.name).is === 'gone')),
        ),
    );
  });
  if (dependents.length === 0) return undefined;
  return {
    does: `${verb} ${object} ${printName(old)}`,
    dependents: dependents.map(({ kind, name }) => `${kind} ${printName(name)}()`),
    ends: 'later',
  };
}
