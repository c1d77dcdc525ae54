import type { PullRequest } from '../core/change.ts';
import type { Subjects } from '../core/fact.ts';
import { readProse, type Prose } from './prose.ts';

/** A pull request (GitLab: a merge request) with its text read. */
export interface Proposal extends PullRequest {
  readonly prose: Prose;
}

/** The pull request, where one is known. The files of a change have none before it is proposed. */
export const proposals: Subjects<Proposal> = async function* ({ pullRequest }) {
  if (!pullRequest) return;
  const prose = await readProse(pullRequest.body);
  if ('problem' in prose) {
    const message = `The text of the pull request was not read: ${prose.problem}.`;
    yield { notice: 'not-judged', message, needed: true };
  } else yield { ...pullRequest, prose };
};

/** The label of a pull request that a rule takes for an exemption, as the reason to show. */
export const exemption = ({ labels }: PullRequest, exempt: readonly string[]): string | undefined => {
  const label = labels.find((one) => exempt.some((wanted) => wanted.toLowerCase() === one.toLowerCase()));
  return label && `the pull request has the label "${label}"`;
};
