import type { Range } from '../../core/finding.ts';
import type { Expression } from './expression.ts';
import type { Name } from './name.ts';

/** A type as a column, a cast or a parameter names it. */
export interface Type extends Name {
  /** PostgreSQL's internal name, without pg_catalog: int4, varchar, timestamptz, bpchar, bool; serial stays serial; else the user's own. */
  readonly name: string;
  /** (10, 2) of numeric; empty where none is written. */
  readonly modifiers: readonly number[];
  /** Dimensions of an array; 0 for a scalar. */
  readonly dimensions: number;
  readonly setof: boolean;
  /** As written. */
  readonly text: string;
  readonly at?: Range | undefined;
}

export interface Column {
  readonly name: string;
  readonly nameAt?: Range | undefined;
  /** The whole definition. */
  readonly at: Range;
  readonly type: Type;
  /** NOT NULL, PRIMARY KEY, an identity or a serial says so. */
  readonly notNull: boolean;
  readonly default?: Expression | undefined;
  readonly generated?: { readonly stored: boolean; readonly expression: Expression } | undefined;
  readonly identity?: 'always' | 'by default' | undefined;
  readonly collation?: Name | undefined;
  /** Every constraint that is written at the column, NOT NULL included. */
  readonly constraints: readonly Constraint[];
}

export interface Constraint {
  readonly kind: 'primary key' | 'unique' | 'check' | 'foreign key' | 'exclude' | 'not null' | 'null';
  /** Absent where PostgreSQL chooses it. */
  readonly name?: string | undefined;
  readonly nameAt?: Range | undefined;
  readonly at: Range;
  /** The constrained columns; of a constraint at a column, that column. */
  readonly columns: readonly string[];
  /** Of a check. */
  readonly expression?: Expression | undefined;
  /** Of a foreign key. */
  readonly references?: Reference | undefined;
  readonly notValid: boolean;
  readonly notEnforced: boolean;
  readonly deferrable: boolean;
  readonly initiallyDeferred: boolean;
  readonly noInherit: boolean;
  /** UNIQUE and PRIMARY KEY USING INDEX. */
  readonly usingIndex?: string | undefined;
  readonly include: readonly string[];
  readonly nullsNotDistinct: boolean;
  /** WITHOUT OVERLAPS or PERIOD. */
  readonly temporal: boolean;
}

export interface Reference {
  readonly table: Name;
  /** Empty where the primary key is meant. */
  readonly columns: readonly string[];
  readonly onDelete: Action;
  readonly onUpdate: Action;
  /** ON DELETE is written. */
  readonly onDeleteWritten: boolean;
}

export type Action = 'no action' | 'restrict' | 'cascade' | 'set null' | 'set default';

const SERIAL: ReadonlySet<string> = new Set(['serial', 'bigserial', 'smallserial', 'serial2', 'serial4', 'serial8']);

/** serial and its sisters: a sequence with a default in disguise. */
export const isSerial = (type: Type): boolean => type.schema === undefined && SERIAL.has(type.name);
