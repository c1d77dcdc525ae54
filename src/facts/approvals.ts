import type { Change, ChangeSet, Commit } from '../core/change.ts';
import type { Declared } from '../core/policy.ts';
import { authorsOf, identitiesNamed, identitiesOf } from './identities.ts';
import { nodesOf, readMarkdown, textOf } from './markdown.ts';
import { trailerLines, trailersOf, valuesOf } from './trailers.ts';

/** Who may approve, and the trailer that names one of them. */
export interface Approval {
  /** Identities; none: any declared identity, or, where none is declared, any name. */
  readonly approvers: readonly string[];
  /** "Deletion-approved-by". */
  readonly trailer: string;
}

/**
 * Whether what happens to `path` is approved: by the author being an approver, by a trailer of the commit that does it, or
 * by a line of the pull request. 'later': in a commit whose message is not written yet.
 */
export async function approvalOf(
  change: ChangeSet,
  does: (change: Change) => boolean,
  approval: Approval,
): Promise<boolean | 'later'> {
  const { commits, identity, message, pullRequest, head } = change;
  const { declared } = head;
  const names = (texts: readonly string[]) => texts.some((text) => isApprover(declared, text, approval));
  if (pullRequest && names(await linesOf(pullRequest.body, approval.trailer))) return true;
  if (commits.length > 0) {
    const doing = commits.filter(({ changes }) => changes.some(does));
    return (
      doing.length > 0 &&
      doing.every(
        (commit) =>
          byApprover(declared, commit, approval) || names(valuesOf(trailersOf(commit.message), approval.trailer)),
      )
    );
  }
  if (identity && identitiesOf(declared, identity).some((name) => approval.approvers.includes(name))) return true;
  if (message !== undefined) return names(valuesOf(trailersOf(message), approval.trailer));
  return identity ? 'later' : false;
}

const byApprover = (declared: Declared, commit: Commit, { approvers }: Approval): boolean =>
  authorsOf(commit)
    .flatMap((author) => identitiesOf(declared, author))
    .some((name) => approvers.includes(name));

function isApprover(declared: Declared, text: string, { approvers }: Approval): boolean {
  const named = identitiesNamed(declared, text);
  if (approvers.length > 0) return named.some((name) => approvers.includes(name));
  return named.length > 0 || Object.keys(declared.identities).length === 0;
}

/** What the lines of a pull request's text say under one name. Comments and code say nothing. */
async function linesOf(body: string, key: string): Promise<string[]> {
  const page = await readMarkdown(body);
  if (page.kind === 'unread') return [];
  const paragraphs = [...nodesOf(page.root)].filter(({ type }) => type === 'paragraph');
  return paragraphs.flatMap((node) => valuesOf(trailerLines(textOf(node).split('\n')), key));
}
