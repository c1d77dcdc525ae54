import { defineRule } from '../../src/core/rule.ts';
import { proposals } from '../../src/facts/proposal.ts';
import { plainWords, tasksOf } from '../../src/facts/prose.ts';

const pull = (body: string) => ({ title: 'feat: berths', body, labels: [] });
const types = '## Type of change\n\n- [ ] A fix\n- [x] A feature\n';

export default defineRule({
  id: 'change/unfinished-checklist',
  title: 'Finish the checklist of a pull request',
  why: 'An open box is work that its author has not done yet, or a promise that nobody has kept.',
  instead: 'Do it and tick it; where it does not apply, strike it through: "- [ ] ~~text~~".',
  severity: 'error',
  options: (z) =>
    z.strictObject({
      sections: z
        .array(z.string().min(1))
        .optional()
        .describe('The headings whose checklists count. Left out, all count.'),
      oneOf: z
        .array(z.string().min(1))
        .default([])
        .describe('Headings under which boxes are choices: one must be ticked, and the others may stay open.'),
    }),

  over: proposals,
  *check({ prose }, { options: { sections, oneOf } }) {
    const names = (list: readonly string[], heading: string) =>
      list.some((one) => plainWords(one) === plainWords(heading));
    // Of a section the own part alone: its sub-sections stand in the list themselves.
    for (const { heading, nodes } of prose.sections) {
      const end = nodes.findIndex(({ type }) => type === 'heading');
      const tasks = tasksOf(end < 0 ? nodes : nodes.slice(0, end));
      if (tasks.length === 0 || (sections && !names([...sections, ...oneOf], heading))) continue;
      if (names(oneOf, heading)) {
        if (tasks.some(({ done }) => done)) continue;
        yield { message: `Under "${heading}" nothing is ticked.`, at: {}, about: `choice: ${heading}` };
        continue;
      }
      for (const { text, done, struck } of tasks) {
        if (!done && !struck) yield { message: `"${text}" is not ticked.`, at: {}, about: text };
      }
    }
  },

  examples: {
    bad: [
      { head: { '«»': '' }, pullRequest: pull('- [x] Tests\n- [ ] Documentation\n') },
      {
        title: 'one of several must be chosen',
        options: { oneOf: ['Type of change'] },
        head: { '«»': '' },
        pullRequest: pull(types.replace('[x]', '[ ]')),
      },
      {
        title: 'under some headings alone',
        options: { sections: ['Checklist'] },
        head: { '«»': '' },
        pullRequest: pull('## Later\n\n- [ ] Dream\n\n## Checklist\n\n1. [ ] Tests\n'),
      },
    ],
    good: [
      { head: {}, pullRequest: pull('- [x] Tests\n- [X] Documentation\n- [ ] ~~Migration~~ none\n* [a link](x)\n') },
      { title: 'a choice', options: { oneOf: ['type of change'] }, head: {}, pullRequest: pull(types) },
      { title: 'comments and code', head: {}, pullRequest: pull('<!--\n- [ ] a\n-->\n\n```md\n- [ ] b\n```\n') },
      { title: 'no pull request yet', head: { a: '' } },
    ],
  },
});
