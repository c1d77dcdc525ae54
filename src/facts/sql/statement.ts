import type { Range } from '../../core/finding.ts';
import type { Migration } from '../migrations.ts';
import type { Guard } from './guards.ts';
import type { Name } from './name.ts';
import type { Operation } from './operation.ts';

/** One SQL statement of a file, and what it does. */
export interface Statement {
  readonly path: string;
  /** From its first token to its last, without comments before it and without the semicolon. */
  readonly range: Range;
  readonly text: string;
  /** Its place among the statements of the file; an inner statement has that of the outermost one around it. */
  readonly index: number;
  /** Never empty: what no operation describes is 'other'. */
  readonly operations: readonly Operation[];
  readonly transaction: Transaction;
  /** Of a file that holds both ways; 'up' everywhere else. */
  readonly section: 'up' | 'down';
  /** 'do': it runs when the DO block around it runs. 'function': it is part of a body and does not run now. */
  readonly within?: 'do' | 'function' | undefined;
  /** Tests and handlers that protect it when the file runs again; `guardOf` answers for one operation. */
  readonly guards: readonly Guard[];
  /** The statements inside its DO block or its function bodies. */
  readonly nested: () => readonly Statement[];
  /** Everything it needs to exist: for dependencies. What a body needs only when it is called is left out. */
  readonly uses: () => readonly Use[];
}

/** What a statement needs. */
export interface Use {
  readonly object: 'relation' | 'column' | 'function' | 'type' | 'schema' | 'role' | 'extension';
  /** For a column, that of its relation. */
  readonly name: Name;
  readonly column?: string | undefined;
  readonly at: Range;
}

/** What a statement shares its fate with. Statements with the same `id` in one file commit or roll back together. */
export interface Transaction {
  readonly id: number;
  /**
   * 'explicit': between BEGIN and COMMIT in the text. 'runner': in the transaction that the runner opens around the
   * file. 'implicit': the file is sent as one string, which PostgreSQL wraps. 'none': alone.
   */
  readonly kind: 'explicit' | 'runner' | 'implicit' | 'none';
  /** Where BEGIN stands. */
  readonly begin?: Range | undefined;
}

/** A statement of a changed migration, as rules judge it. */
export interface JudgedStatement extends Statement {
  /** Absent for a file that no runner applies: one named on the command line, or one whose name its runner passes over. */
  readonly migration?: Migration | undefined;
  /**
   * Made earlier in the same file, or in another migration that the same change adds before it: no one uses it yet.
   * `kind` tells namespaces apart; a table, a view, an index and a sequence are all relations.
   */
  readonly fresh: (object: Name, kind?: 'relation' | 'type' | 'function' | 'schema') => boolean;
}
