import { defineRule } from '../../src/core/rule.ts';
import { proposals } from '../../src/facts/proposal.ts';
import { sectionsNamed } from '../../src/facts/prose.ts';
import { templateText } from '../../src/facts/proposal-template.ts';

const sections = ['Summary', 'How to test'];
const pull = (body: string) => ({ title: 'feat: berths', body, labels: [] });

export default defineRule({
  id: 'change/missing-section',
  title: 'Fill in every section that a pull request must have',
  why: 'Reviewers and the agents after them have only this text to learn from what was done, why, and how it was checked.',
  instead: 'Write the section, in a sentence at least: "None" is an answer, a blank is not.',
  severity: 'error',
  options: (z) =>
    z.strictObject({
      sections: z.array(z.string().min(1)).default([]).describe('The headings that must be there, on any level.'),
      minWords: z.int().min(1).default(1).describe('The fewest words under each.'),
    }),

  over: proposals,
  async *check({ prose }, { head, options: { sections, minWords } }) {
    for (const name of sections) {
      const found = sectionsNamed(prose, name);
      const words = (text: string) => text.match(/[\p{L}\p{N}][^\s]*/gu)?.length ?? 0;
      const most = Math.max(0, ...found.map(({ text }) => words(text)));
      const prompt = found.length > 0 ? await templateText(head, name) : undefined;
      const untouched = prompt !== undefined && prompt !== '' && found.every(({ text }) => text === prompt);
      const problem =
        found.length === 0
          ? 'is missing'
          : most === 0
            ? 'is empty'
            : untouched
              ? 'still says what the template says'
              : most < minWords
                ? `has ${most} ${most === 1 ? 'word' : 'words'}; ${minWords} are the least`
                : undefined;
      if (problem) yield { message: `The section "${name}" ${problem}.`, at: {}, about: `${name}: ${problem}` };
    }
  },

  examples: {
    bad: [
      { options: { sections }, head: { '«»': '' }, pullRequest: pull('## Summary\n\nAdds berths.\n') },
      {
        title: 'a comment is no content',
        options: { sections: ['Summary'] },
        head: { '«»': '' },
        pullRequest: pull('# Summary\n\n<!-- What and why -->\n\n# Notes\n\nx\n'),
      },
      {
        title: "the template's own words",
        options: { sections: ['Summary'] },
        head: { '«»': '', '.github/pull_request_template.md': '## Summary\n\nDescribe the change.\n' },
        pullRequest: pull('## Summary\n\nDescribe the change.\n'),
      },
      {
        title: 'a heading in code is none',
        options: { sections: ['Summary'] },
        head: { '«»': '' },
        pullRequest: pull('```\n## Summary\n\nx\n```\n'),
      },
      {
        title: 'more than a word is asked for',
        options: { sections: ['Summary'], minWords: 3 },
        head: { '«»': '' },
        pullRequest: pull('## Summary\n\nBerths.\n'),
      },
    ],
    good: [
      {
        options: { sections },
        head: {},
        pullRequest: pull('## 📝 Summary:\n\nAdds berths.\n\n### HOW TO TEST\n\n- Open the calendar\n'),
      },
      {
        title: 'what stands in a sub-section',
        options: { sections: ['Summary'] },
        head: {},
        pullRequest: pull('Summary\n=======\n\n### Why\n\nIt was asked for.\n'),
      },
      { title: 'no pull request yet', options: { sections }, head: { a: '' } },
      { title: 'nothing is asked before the policy says so', head: {}, pullRequest: pull('') },
    ],
  },
});
