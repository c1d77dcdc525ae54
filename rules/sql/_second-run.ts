import type { Draft, Edit, Fix, Location } from '../../src/core/finding.ts';
import type { Operation } from '../../src/facts/sql/operation.ts';
import type { SecondRun } from '../../src/facts/sql/second-run.ts';
import { pastSemicolon } from './_text.ts';

export type Creation = Extract<Operation, { readonly orReplace: boolean }>;

export const isCreation = (operation: Operation): operation is Creation => 'orReplace' in operation;

/** An insertion at a place of the file, or nothing where the place is not known. */
export interface Insertion {
  readonly at: number | undefined;
  readonly text: string;
}

/** A draft at the operation; an allow above its statement counts. A fix is left out where it could not be made safely. */
export function draftOf(run: SecondRun, about: string, message: string, fix?: Fix): Draft {
  const { statement, operation, outcome } = run;
  const later = 'later' in outcome ? outcome.later : undefined;
  const related: readonly Location[] = later ? [{ path: statement.path, range: later.range }] : [];
  return {
    message,
    at: { path: statement.path, range: operation.at },
    about,
    within: statement.range,
    ...(fix && { fix }),
    ...(related.length > 0 && { related }),
  };
}

/** Puts texts into the statement; undefined where one of them has no place. */
export function insert(run: SecondRun, title: string, ...insertions: readonly Insertion[]): Fix | undefined {
  const edits = insertions.map(({ at, text }): Edit | undefined => (at === undefined ? undefined : { path: run.statement.path, range: [at, at], text }));
  return isAsWritten(run, insertions) && edits.every((edit) => edit !== undefined) ? { title, edits } : undefined;
}

/** Puts a statement of its own before the one that does it. */
export function before(run: SecondRun, title: string, sql: string): Fix | undefined {
  const { by, file } = run;
  const line = file.text.slice(file.text.lastIndexOf('\n', by.range[0] - 1) + 1, by.range[0]);
  const gap = line.trim() === '' ? `\n${line}` : ' ';
  return insert(run, title, { at: by.range[0], text: `${sql};${gap}` });
}

/** Behind these words at the start of the statement: ALTER TABLE, CREATE. */
export function behind({ by }: SecondRun, words: RegExp): number | undefined {
  const found = new RegExp(`^(?:${words.source})\\s+`, 'i').exec(by.text);
  return found ? by.range[0] + found[0].length : undefined;
}

/** Puts the statement into a DO block that ignores these conditions. Inside another block, and in templates, nothing is offered. */
export function ignoring(run: SecondRun, ...conditions: readonly string[]): Fix | undefined {
  const { by, file, statement } = run;
  if (by.within || !isAsWritten(run, []) || /:['"]|\$\{|\{\{|<%/.test(by.text)) return undefined;
  const { text } = file;
  const tag = ['$$', '$do$', '$block$'].find((candidate) => !by.text.includes(candidate));
  if (tag === undefined) return undefined;
  const [start, end] = by.range;
  const split = needsMarkers(run);
  const semicolon = pastSemicolon(text, end);
  // What stands between the statement and its semicolon is a comment at most.
  const close = `;\nEXCEPTION WHEN ${conditions.join(' OR ')} THEN NULL;\nEND ${tag}`;
  const edits: Edit[] = [
    { path: statement.path, range: [start, start], text: `${split ? '-- +goose StatementBegin\n' : ''}DO ${tag} BEGIN\n  ` },
    split
      ? { path: statement.path, range: [end, semicolon], text: `${close};\n-- +goose StatementEnd` }
      : { path: statement.path, range: [end, end], text: close },
  ];
  return { title: 'Let a second run pass in a DO block', edits };
}

/** goose cuts a file at every semicolon that no marker protects. */
function needsMarkers({ statement: { migration }, by, file }: SecondRun): boolean {
  if (migration?.layout.name !== 'goose') return false;
  return !/\+goose\s+statementbegin(?![^]*\+goose\s+statementend)/i.test(file.text.slice(0, by.range[0]));
}

/** The statement stands in the file as PostgreSQL gets it, and so will what is put into it. */
function isAsWritten({ by, file }: SecondRun, insertions: readonly Insertion[]): boolean {
  return file.text.slice(...by.range) === by.text && (!by.within || insertions.every(({ text }) => !text.includes("'")));
}
