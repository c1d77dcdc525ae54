import type { Name } from './name.ts';
import type { Operation } from './operation.ts';
import type { JudgedStatement, Statement } from './statement.ts';

type Kind = NonNullable<Parameters<JudgedStatement['fresh']>[1]>;

interface Life {
  readonly schema: string | undefined;
  readonly from: number;
  until: number;
}

/** Remembers what statements make, in the order in which they run. */
export interface Births {
  /** Takes the next statement; gives its `fresh`. */
  readonly next: (statement: Statement) => JudgedStatement['fresh'];
}

export function birthRegister(): Births {
  const lives = new Map<string, Life[]>();
  let now = 0;
  const living = (kind: Kind, { schema, name }: Name, at: number): Life | undefined =>
    lives
      .get(`${kind} ${name}`)
      ?.find(
        (life) =>
          life.from <= at &&
          at < life.until &&
          (life.schema === undefined || schema === undefined || life.schema === schema),
      );
  const born = (kind: Kind, { schema, name }: Name, from: number): void => {
    const key = `${kind} ${name}`;
    lives.set(key, [...(lives.get(key) ?? []), { schema, from, until: Infinity }]);
  };
  const take = (operations: readonly Operation[], from: number, until: number): void => {
    for (const operation of operations) {
      const made = madeBy(operation);
      if (made) born(...made, from);
      const moved = movedBy(operation);
      if (moved && living(...moved.from, now)) born(...moved.to, from);
      if (operation.kind.startsWith('drop ') && 'object' in operation && 'name' in operation) {
        const kind = kindOf(operation.object);
        const life = kind && living(kind, operation.name, now);
        if (life) life.until = until;
      }
    }
  };
  return {
    next: (statement) => {
      const at = ++now;
      // What a DO block makes is new to the rest of the block as well.
      if (statement.operations[0]?.kind === 'do')
        for (const inner of statement.nested()) take(inner.operations, at, at + 1);
      take(statement.operations, at + 1, at + 1);
      return (object, kind = 'relation') => living(kind, object, at) !== undefined;
    },
  };
}

function kindOf(object: string): Kind | undefined {
  switch (object) {
    case 'table':
    case 'foreign table':
    case 'view':
    case 'materialized view':
    case 'index':
    case 'sequence':
      return 'relation';
    case 'type':
    case 'domain':
      return 'type';
    case 'function':
    case 'procedure':
    case 'aggregate':
    case 'routine':
      return 'function';
    case 'schema':
      return 'schema';
    default:
      return undefined;
  }
}

function madeBy(operation: Operation): [Kind, Name] | undefined {
  if (
    !operation.kind.startsWith('create ') ||
    !('object' in operation) ||
    !('name' in operation) ||
    operation.name === undefined
  )
    return undefined;
  const kind = kindOf(operation.object);
  // OR REPLACE changes what may be there already.
  if (!kind || operation.name.name === '' || ('orReplace' in operation && operation.orReplace)) return undefined;
  return [kind, operation.name];
}

function movedBy(operation: Operation): { readonly from: [Kind, Name]; readonly to: [Kind, Name] } | undefined {
  if (operation.kind === 'set schema') {
    const kind = kindOf(operation.object);
    return (
      kind && { from: [kind, operation.name], to: [kind, { schema: operation.schema, name: operation.name.name }] }
    );
  }
  if (operation.kind.startsWith('rename ') && 'to' in operation) {
    const kind = kindOf(operation.object);
    const { schema } = operation.name;
    return (
      kind && {
        from: [kind, operation.name],
        to: [kind, schema === undefined ? { name: operation.to } : { schema, name: operation.to }],
      }
    );
  }
  return undefined;
}
