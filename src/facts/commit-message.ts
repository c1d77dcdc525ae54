/** What the first line of a commit message is. */
export type Subject =
  | {
      readonly kind: 'conventional';
      readonly type: string;
      /** As written: "api", "api, web". */
      readonly scope?: string;
    }
  /** Git's own wording for a merge or a revert, or the marker of a commit that a rebase will fold away. */
  | { readonly kind: 'generated' }
  | { readonly kind: 'other' };

const CONVENTIONAL = /^([^\s():!]+)(?:\(([^()]+)\))?!?: \S/u;
const MERGE =
  /^Merge (?:(?:(?:remote-tracking )?branch(?:es)?|tags?|commits?) '|pull request #\d|[0-9a-f]{7,64} into )/;
const REVERT = /^(?:Revert|Reapply) "/;
const FOLDED = /^(?:fixup|squash|amend)! /;

/** Reads a subject by the grammar of Conventional Commits 1.0. */
export function readSubject(line: string): Subject {
  if (MERGE.test(line) || REVERT.test(line) || FOLDED.test(line)) return { kind: 'generated' };
  const [, type, scope] = CONVENTIONAL.exec(line) ?? [];
  return type === undefined ? { kind: 'other' } : { kind: 'conventional', type, ...(scope && { scope }) };
}

/** The parts of a scope that are not declared. Several may stand side by side, as in "api, web" or "api/web". */
export const undeclaredScopes = (scope: string, declared: readonly string[]): readonly string[] =>
  declared.includes(scope)
    ? []
    : scope.split(/[,/\\]/).flatMap((part) => (declared.includes(part.trim()) ? [] : [part.trim()]));

/** The lines of a message, its trailing newline aside. */
export const messageLines = (message: string): readonly string[] => message.trimEnd().split(/\r?\n/);
