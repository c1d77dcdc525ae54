import type { PullRequest } from '../core/change.ts';

/**
 * A pull request as a file holds it: the title on the first line, an empty line, the text. `pr draft` prints it so. A file
 * that begins with a heading, a list, a quote or a comment is text alone.
 */
export function readProposalFile(text: string): Pick<PullRequest, 'title' | 'body'> {
  const plain = text.replace(/^\ufeff/, '').replaceAll('\r\n', '\n');
  const [, title, body] = /^(?![#>|<`*+-])(\S[^\n]*)(?:\n(?:[ \t]*\n([^]*))?)?$/.exec(plain) ?? [];
  return title === undefined ? { title: '', body: plain } : { title: title.trim(), body: body ?? '' };
}

type Json = Readonly<Record<string, unknown>>;

const object = (value: unknown): Json => (typeof value === 'object' && value !== null ? (value as Json) : {});
const text = (value: unknown): string => (typeof value === 'string' ? value : '');
const labels = (value: unknown): readonly string[] =>
  (Array.isArray(value) ? value : []).flatMap((label: unknown) => {
    const name = typeof label === 'string' ? label : (object(label)['name'] ?? object(label)['title']);
    return typeof name === 'string' ? name : [];
  });

/**
 * The pull request in a webhook's body or an API's answer: GitHub's `pull_request`, GitLab's `object_attributes`, or the
 * object itself. Undefined where there is none in it, as in a push.
 */
export function proposalIn(json: unknown): Pick<PullRequest, 'title' | 'body' | 'labels'> | undefined {
  const whole = object(json);
  const found = [whole['pull_request'], whole['object_attributes'], whole].map(object).find((one) => 'title' in one);
  if (!found) return undefined;
  return {
    title: text(found['title']),
    body: text(found['body'] ?? found['description']),
    labels: labels(found['labels'] ?? whole['labels']),
  };
}
