import type { Range } from '../../core/finding.ts';
import type { Name } from './name.ts';

/** An expression or a query, and what can be told about it. The functions compute on first use. */
export interface Expression {
  readonly text: string;
  readonly at: Range;
  /** The value of a plain literal or NULL, through casts: 'null' is told from null by `kind`. */
  readonly literal?: Literal | undefined;
  /** Every function called, sub-selects included; current_timestamp and its sisters count as calls. */
  readonly calls: () => readonly FunctionCall[];
  /** Every column named, qualified as written. */
  readonly columns: () => readonly ColumnUse[];
  /** Every relation that a sub-select or FROM reads; names of WITH queries are left out. */
  readonly relations: () => readonly RelationUse[];
  /** Every type that a cast names. */
  readonly types: () => readonly Name[];
  /** Text of every string literal. */
  readonly strings: () => readonly string[];
  /** True for a condition that holds for every row: true, 1 = 1, a = a, not false. */
  readonly alwaysTrue: () => boolean;
}

export interface Literal {
  readonly kind: 'null' | 'boolean' | 'number' | 'string';
  readonly text: string;
}

export interface FunctionCall {
  readonly name: Name;
  readonly at: Range;
  /** Inside a sub-select of its own without FROM: (select auth.uid()), which PostgreSQL evaluates once. */
  readonly inScalarSelect: boolean;
  /** How many arguments. */
  readonly arguments: number;
  /** String literals among the arguments, in order; undefined for any other argument. */
  readonly strings: readonly (string | undefined)[];
}

export interface ColumnUse {
  /** As written before the dot, if anything. */
  readonly table?: string | undefined;
  /** '*' for a star. */
  readonly column: string;
  readonly at: Range;
}

export interface RelationUse {
  readonly name: Name;
  readonly at: Range;
}
