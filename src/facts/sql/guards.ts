import type { Range } from '../../core/finding.ts';
import { CODES, failureOf, type Failure } from './failures.ts';
import type { Name } from './name.ts';
import type { ObjectKind, Operation } from './operation.ts';
import { isMadeAgain, isSameDrop } from './remade.ts';
import type { Statement } from './statement.ts';

/** Something that lets a statement pass when the file runs a second time. */
export type Guard =
  | {
      /** IF NOT EXISTS (SELECT ... FROM pg_policies ...) THEN, IF to_regclass('t') IS NULL THEN, or an early RETURN. */
      readonly kind: 'test';
      /** What the test must find for the statement to run; 'unknown' for a condition that says nothing about a catalogue. */
      readonly expects: 'absent' | 'present' | 'unknown';
      /** pg_policies, pg_type, information_schema.columns, to_regclass ...; empty where it reads none. */
      readonly catalogues: readonly string[];
      /** String literals in it: the names that it looks for. */
      readonly names: readonly string[];
      readonly at: Range;
    }
  | {
      /** EXCEPTION WHEN duplicate_object THEN ..., unless the handler raises again. */
      readonly kind: 'handler';
      /** Condition names in lower case ('others' catches all), or SQLSTATE codes. */
      readonly conditions: readonly string[];
      readonly at: Range;
    }
  | {
      /** Earlier in the same file it was dropped, so it can be made; or made, so it can be dropped. */
      readonly kind: 'dropped before' | 'made before';
      readonly object: ObjectKind | 'column' | 'constraint';
      readonly name: Name;
      readonly on?: Name | undefined;
      readonly at: Range;
    };

/** What protects one operation when its statement runs a second time; undefined where nothing does. */
export function guardOf({ guards, text }: Pick<Statement, 'guards' | 'text'>, operation: Operation): Guard | undefined {
  if (guards.length === 0) return undefined;
  const failure = failureOf(operation);
  return guards.find((guard) => protects(guard, failure, operation, text));
}

export function protects(guard: Guard, { when, conditions }: Failure, operation: Operation, text: string): boolean {
  switch (guard.kind) {
    case 'handler':
      return guard.conditions.some(
        (condition) => condition === 'others' || conditions.includes(CODES[condition] ?? condition),
      );
    case 'test':
      return guard.expects !== when && isAbout(guard.names, guard.catalogues, text);
    case 'dropped before':
      return when === 'present' && isMadeAgain(guard, operation);
    case 'made before':
      return when === 'absent' && isSameDrop(guard, operation);
  }
}

/** A test that looks for other things than the statement names says nothing about it. */
function isAbout(names: readonly string[], catalogues: readonly string[], text: string): boolean {
  if (catalogues.length === 0 || names.length === 0) return true;
  const lower = text.toLowerCase();
  return names.some((name) => lower.includes(name.toLowerCase().split('.').at(-1)!.replaceAll('"', '')));
}
