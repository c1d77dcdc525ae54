import type { Type } from '../sql/column.ts';
import { printName } from '../sql/name.ts';
import type { CreateRoutine } from '../sql/operation.ts';
import type { Statement } from '../sql/statement.ts';
import { keyOf, placeFor, resolve, type History } from './history.ts';
import type { Routine } from './objects.ts';
import { grantsFor } from './privileges.ts';
import type { Run } from './run.ts';

/** What tells routines of one name apart. */
export const signatureOf = (history: History, types: readonly Type[]): string[] =>
  types.map((type) => {
    const name = resolve(history, history.types, type) ?? type;
    const plain = name.schema === 'pg_catalog' ? { name: name.name } : name;
    return printName(plain) + '[]'.repeat(Math.min(type.dimensions, 1));
  });

export const sameSignature = ({ signature }: Routine, types: readonly string[]): boolean =>
  signature.length === types.length && signature.every((type, i) => type === types[i]);

export function createRoutine(run: Run, operation: CreateRoutine, by: Statement): void {
  const { history, at } = run;
  const name = placeFor(history, operation.name);
  const passed = operation.parameters.filter(({ mode }) => mode === 'in' || mode === 'inout' || mode === 'variadic');
  const signature = signatureOf(
    history,
    passed.map(({ type }) => type),
  );
  const known = history.routines.now.get(keyOf(name)) ?? [];
  const old = known.find((routine) => sameSignature(routine, signature));
  if (old && !operation.orReplace && run.tolerant) return;
  const routine: Routine = {
    kind: operation.object,
    name,
    parameters: operation.parameters,
    signature,
    returns: operation.returns,
    language: operation.language,
    securityDefiner: operation.securityDefiner,
    volatility: operation.volatility,
    settings: operation.settings,
    body: by.nested,
    bodyText: operation.body,
    // OR REPLACE keeps owner and privileges.
    grants: old?.grants ?? grantsFor(history, 'function', name.schema),
    owner: old?.owner,
    made: old?.made ?? at,
    touched: at,
  };
  history.routines.set(keyOf(name), [...known.filter((other) => other !== old), routine], history.time);
}
