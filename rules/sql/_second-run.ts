import type { Draft, Edit, Fix, Location, Range } from '../../src/core/finding.ts';
import type { Migration } from '../../src/facts/migrations.ts';
import type { Operation } from '../../src/facts/sql/operation.ts';
import type { SecondRun } from '../../src/facts/sql/second-run.ts';
import { pastSemicolon } from './_text.ts';

export type Creation = Extract<Operation, { readonly orReplace: boolean }>;

export const isCreation = (operation: Operation): operation is Creation => 'orReplace' in operation;

/** A draft at the operation; an allow above its statement counts. */
export function draftOf(
  { statement, operation, outcome }: SecondRun,
  about: string,
  message: string,
  fix?: Fix,
): Draft {
  const { path, range: within } = statement;
  const later = 'later' in outcome ? outcome.later : undefined;
  const related: readonly Location[] = later ? [{ path, range: later.range }] : [];
  return { message, at: { path, range: operation.at }, about, within, ...(fix && { fix }), ...(later && { related }) };
}

/** A text, and where it goes; nothing is offered where its place is not known. */
export interface Insertion {
  readonly at: number | undefined;
  readonly text: string;
}

/** Puts texts into the statement that does it. */
export function insert(run: SecondRun, title: string, ...insertions: readonly Insertion[]): Fix | undefined {
  const { path } = run.statement;
  const edits = insertions.flatMap(({ at, text }): Edit[] =>
    at === undefined ? [] : [{ path, range: [at, at], text }],
  );
  return edits.length === insertions.length && isAsWritten(run, edits) ? { title, edits } : undefined;
}

/** Puts a statement before the one that does it. */
export function before(run: SecondRun, title: string, sql: string): Fix | undefined {
  const at = run.by.range[0];
  return insert(run, title, { at, text: preceding(run.file.text, at, sql) });
}

/** A statement, and the line break or blank that it needs before what stands at `at`. */
export function preceding(text: string, at: number, sql: string): string {
  const indent = text.slice(text.lastIndexOf('\n', at - 1) + 1, at);
  return indent.trim() === '' ? `${sql};\n${indent}` : `${sql}; `;
}

/** Behind these words at the start of the statement: ALTER TABLE, CREATE. */
export function behind({ by }: SecondRun, words: RegExp): number | undefined {
  const found = new RegExp(`^(?:${words.source})\\s+`, 'i').exec(by.text);
  return found ? by.range[0] + found[0].length : undefined;
}

/** Puts the statement into a DO block that ignores these conditions. Inside another block nothing is offered. */
export function ignoring(run: SecondRun, ...conditions: readonly string[]): Fix | undefined {
  const { by, file, statement } = run;
  const edits =
    by.within || !isAsWritten(run, [])
      ? undefined
      : doBlock(statement.path, file.text, by.range, conditions, statement.migration);
  return edits && { title: 'Let a second run pass in a DO block', edits };
}

/** What makes a DO block of a statement; undefined for a template, whose text is not known. */
export function doBlock(
  path: string,
  text: string,
  [start, end]: Range,
  conditions: readonly string[],
  migration: Migration | undefined,
): Edit[] | undefined {
  const sql = text.slice(start, end);
  const tag = ['$$', '$do$', '$block$'].find((candidate) => !sql.includes(candidate));
  if (tag === undefined || /:['"]|\$\{|\{\{|<%/.test(sql)) return undefined;
  const close = `;\nEXCEPTION WHEN ${conditions.join(' OR ')} THEN NULL;\nEND ${tag}`;
  const open = `DO ${tag} BEGIN\n  `;
  // goose cuts a file at every semicolon that no marker protects.
  const isCut =
    migration?.layout.name === 'goose' &&
    !/\+goose\s+statementbegin(?![^]*\+goose\s+statementend)/i.test(text.slice(0, start));
  if (!isCut) {
    return [
      { path, range: [start, start], text: open },
      { path, range: [end, end], text: close },
    ];
  }
  return [
    { path, range: [start, start], text: `-- +goose StatementBegin\n${open}` },
    { path, range: [end, pastSemicolon(text, end)], text: `${close};\n-- +goose StatementEnd` },
  ];
}

/** The statement stands in the file as PostgreSQL gets it, and so will what is put into it. */
const isAsWritten = ({ by, file }: SecondRun, edits: readonly Edit[]): boolean =>
  file.text.slice(...by.range) === by.text && (!by.within || edits.every(({ text }) => !text.includes("'")));
