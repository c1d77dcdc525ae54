import { isNotice } from '../../src/core/notice.ts';
import { defineRule } from '../../src/core/rule.ts';
import { template } from '../../src/core/templates.ts';
import { change } from '../../src/facts/change.ts';
import { contradictions, PROOFS } from '../../src/facts/proofs.ts';

const declared = {
  identities: {
    data: { emails: ['data@example.com'], owns: [] },
    ops: { emails: ['ops@example.com'], owns: [] },
  },
};
const data = { name: 'Data', email: 'data@example.com' };
const head = { 'a.ts': '', '«»': '' };
const branches = ['{identity}/**'];

export default defineRule({
  id: 'ownership/identity-mismatch',
  title: 'Work under one name at a time',
  why: 'Where branch, environment and author name different people, work is put down to somebody who has not done it.',
  instead: 'Set the author (git config user.email), the variable or the branch to whoever is really at work.',
  severity: 'error',
  sources: ['https://git-scm.com/docs/gitformat-signature'],
  options: (z) =>
    z.strictObject({
      variable: z
        .string()
        .regex(/^[A-Za-z_]\w*$/, 'It is the name of a variable of the environment.')
        .optional()
        .describe('A variable that names who is at work, such as AGENT. Asked where a commit is being made.'),
      branches: z
        .array(template(z))
        .default([])
        .describe('Templates of branch names with {identity}: "{identity}/**".'),
      trailers: z.array(z.string()).default([]).describe('Trailers of commits that name their author: "Agent".'),
      required: z
        .array(z.enum(PROOFS))
        .default([])
        .describe(
          'Which of these must be there and not only agree. A signature is verified against the "keys" of the identity.',
        ),
      exempt: z.array(z.string()).default([]).describe('Identities who may work under any name.'),
    }),

  over: change,
  async *check(set, { options }) {
    for await (const found of contradictions(set, options)) {
      if (isNotice(found)) yield found;
      else
        yield {
          message: found.says,
          at: found.commit === undefined ? {} : { commit: found.commit },
          about: found.about,
        };
    }
  },

  examples: {
    bad: [
      {
        title: 'the variable',
        declared,
        options: { variable: 'AGENT' },
        identity: data,
        variables: { AGENT: 'ops' },
        head,
      },
      { title: 'the branch', declared, options: { branches }, branch: 'ops/move', commits: [{ author: data }], head },
      {
        title: 'a trailer',
        declared,
        options: { trailers: ['Agent'] },
        commits: [{ author: data, message: 'feat: it\n\nAgent: ops\n' }],
        head,
      },
      {
        title: 'a trailer that must be there',
        declared,
        options: { trailers: ['Agent'], required: ['trailer'] },
        identity: data,
        message: 'feat: it\n',
        head,
      },
      {
        title: 'a signature that must be there',
        declared,
        options: { required: ['signature'] },
        commits: [{ author: data }],
        head,
      },
      {
        title: 'a name that nobody has',
        declared,
        options: { branches, required: ['branch'] },
        branch: 'eve/x',
        identity: data,
        head,
      },
    ],
    good: [
      {
        declared,
        options: { variable: 'AGENT', branches, trailers: ['Agent'] },
        branch: 'data/move',
        identity: data,
        variables: { AGENT: 'data' },
        message: 'feat: it\n\nAgent: data\n',
        head: { 'a.ts': '' },
      },
      {
        title: 'what is silent does not contradict',
        declared,
        options: { variable: 'AGENT', branches },
        branch: 'main',
        identity: data,
        head: { 'a.ts': '' },
      },
      {
        title: 'who may work under any name',
        declared,
        options: { branches, exempt: ['data'] },
        branch: 'ops/move',
        commits: [{ author: data }],
        head: { 'a.ts': '' },
      },
      {
        title: 'no name is compared before the policy says where one stands',
        declared,
        branch: 'ops/x',
        identity: data,
        head: { 'a.ts': '' },
      },
    ],
  },
});
