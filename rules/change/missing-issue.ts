import { defineRule } from '../../src/core/rule.ts';
import { pattern, patternOption } from '../../src/facts/patterns.ts';
import { exemption, proposals } from '../../src/facts/proposal.ts';
import { wholeText } from '../../src/facts/prose.ts';

const REFERENCES = [
  '(?:^|[^\\w&])#\\d+\\b',
  '\\b[\\w.-]+/[\\w.-]+#\\d+\\b',
  '\\bGH-\\d+\\b',
  '/(?:issues|work_items)/\\d+',
];
const pull = (body: string, title = 'feat: berths', labels: string[] = []) => ({ title, body, labels });

export default defineRule({
  id: 'change/missing-issue',
  title: 'Name the issue that a pull request belongs to',
  why: 'Without it nobody can tell later why a change was made, and the issue stays open after the work is done.',
  instead: 'Write "Closes #12" into the text of the pull request.',
  severity: 'error',
  sources: [
    'https://docs.github.com/en/issues/tracking-your-work-with-issues/using-issues/linking-a-pull-request-to-an-issue',
  ],
  options: (z) =>
    z.strictObject({
      patterns: z
        .array(patternOption(z))
        .min(1)
        .default(REFERENCES)
        .describe('Regular expressions (RE2) of a reference; one must match. By default those of GitHub and GitLab.'),
      in: z
        .array(z.enum(['title', 'body', 'branch', 'commits']))
        .min(1)
        .default(['title', 'body'])
        .describe('Where it may stand.'),
      exempt: z.array(z.string()).default([]).describe('Labels of pull requests that need none; they are shown.'),
    }),

  over: proposals,
  async *check(proposal, { branch = '', commits, options: { patterns, in: places, exempt } }) {
    const texts = {
      title: () => proposal.title,
      body: () => wholeText(proposal.prose),
      branch: () => branch,
      commits: () => commits.map(({ message }) => message).join('\n'),
    };
    const said = places.map((place) => texts[place]()).join('\n');
    for (const source of patterns) if ((await pattern(source, 'lines')).test(said)) return;
    const excused = exemption(proposal, exempt);
    const message = 'The pull request names no issue.';
    yield { message, at: {}, about: 'issue', ...(excused && { excused }) };
  },

  examples: {
    bad: [
      { head: { '«»': '' }, pullRequest: pull('Adds berths.') },
      {
        title: 'comments and code say nothing',
        head: { '«»': '' },
        pullRequest: pull('<!-- Closes #12 -->\n\n`#12`\n\n```\nCloses #12\n```\n'),
      },
      {
        title: 'another tracker',
        options: { patterns: ['\\bSHIP-\\d+\\b'] },
        head: { '«»': '' },
        pullRequest: pull('Closes #12'),
      },
      { title: 'in the text alone', options: { in: ['body'] }, head: { '«»': '' }, pullRequest: pull('', 'fix #3') },
    ],
    good: [
      { head: {}, pullRequest: pull('## Why\n\nCloses #12.') },
      { title: 'as a link', head: {}, pullRequest: pull('See [the story](https://a.example/o/r/-/issues/9).') },
      {
        title: 'by the branch',
        options: { in: ['branch'], patterns: ['^\\d+-'] },
        branch: '12-berths',
        head: {},
        pullRequest: pull(''),
      },
      {
        title: 'a label that is exempt',
        options: { exempt: ['chore'] },
        head: {},
        pullRequest: pull('', 'x', ['Chore']),
      },
      { title: 'no pull request yet', head: { a: '' } },
    ],
  },
});
