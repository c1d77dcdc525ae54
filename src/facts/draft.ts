import type { Commit, PullRequest } from '../core/change.ts';
import type { Snapshot } from '../core/snapshot.ts';
import { messageLines, readSubject } from './commit-message.ts';
import { proposalTemplate } from './proposal-template.ts';
import { plainWords, readProse, wholeText, type Prose, type ProseSection } from './prose.ts';

export interface DraftMaterial {
  readonly head: Snapshot;
  readonly commits: readonly Commit[];
  readonly branch?: string | undefined;
  /** What `git branch --edit-description` keeps: the title on its first line. */
  readonly description?: string | undefined;
}

/**
 * The pull request that a branch would make: the template, filled with what the branch's description says, or else its
 * commits. What stands under a heading of the template's own name goes there; the rest into the first empty section.
 */
export async function draftOf({ head, commits, branch = '', description = '' }: DraftMaterial): Promise<PullRequest> {
  const messages = commits.filter(({ parents }) => parents.length < 2).map(({ message }) => message);
  const written = messages.filter((message) => readSubject(messageLines(message)[0] ?? '').kind !== 'generated');
  const [own = '', ...rest] = description.trim().split('\n');
  const subjects = written.map((message) => messageLines(message)[0]!);
  const bodies = written.map((message) => messageLines(message).slice(1).join('\n').trim()).filter(Boolean);
  const list = subjects.length > 1 ? subjects.map((subject) => `- ${subject}`).join('\n') : '';
  const material = rest.join('\n').trim() || [list, ...bodies].filter(Boolean).join('\n\n');
  const body = await filled((await proposalTemplate(head)) ?? '', material);
  const missing = await closings(body, messages);
  return {
    title: own || subjects[0] || branch,
    body: [body.trimEnd(), missing.join('\n')].filter(Boolean).join('\n\n'),
    labels: [],
    from: 'drafted from the template, the description of the branch and the commits',
  };
}

async function filled(template: string, material: string): Promise<string> {
  const [form, said] = await Promise.all([readProse(template), readProse(material)]);
  if ('problem' in form || 'problem' in said || template.trim() === '') {
    return [material, template].filter((part) => part.trim() !== '').join('\n\n');
  }
  const [above, ...named] = said.sections;
  const loose: string[] = [own(said, above!)];
  const texts = new Map<ProseSection, string>();
  for (const section of named) {
    const text = own(said, section);
    const place = form.sections.find(
      (one) => one.heading !== '' && plainWords(one.heading) === plainWords(section.heading),
    );
    if (place) texts.set(place, [texts.get(place) ?? '', text].filter(Boolean).join('\n\n'));
    else loose.push(`## ${section.heading}\n\n${text}`);
  }
  const rest = loose.filter(Boolean).join('\n\n');
  const empty = form.sections.find((one) => one.heading !== '' && !texts.has(one) && one.text === '');
  if (rest !== '' && empty) texts.set(empty, rest);
  const parts = form.sections.map((section) =>
    [section.headingSource, texts.get(section) ?? own(form, section)].filter(Boolean).join('\n\n'),
  );
  return [empty ? '' : rest, ...parts].filter(Boolean).join('\n\n');
}

/** A section's own source, up to its first sub-heading. */
function own({ source }: Prose, { nodes }: ProseSection): string {
  const end = nodes.findIndex(({ type }) => type === 'heading');
  const part = end < 0 ? nodes : nodes.slice(0, end);
  const [first, last] = [part[0], part.at(-1)];
  return first && last ? source.slice(first.position?.start.offset, last.position?.end.offset).trim() : '';
}

/** "Closes #12" of commits that the text does not say yet. */
async function closings(body: string, messages: readonly string[]): Promise<readonly string[]> {
  const prose = await readProse(body);
  const known = 'problem' in prose ? body : wholeText(prose);
  const lines = messages.flatMap((message) => messageLines(message).slice(1));
  const found = lines.filter((line) => /^(?:close[sd]?|fix(?:e[sd])?|resolve[sd]?|refs?):?\s+\S*#\d+\b/i.test(line));
  return [...new Set(found)].filter((line) => !known.includes(line));
}
