import { glob } from '../../src/core/globs.ts';
import { isNotice } from '../../src/core/notice.ts';
import { defineRule } from '../../src/core/rule.ts';
import { change } from '../../src/facts/change.ts';
import { matchingAnyCase } from '../../src/facts/paths.ts';
import { strangers } from '../../src/facts/strangers.ts';

const declared = { identities: { data: { emails: ['data@example.com'], owns: [] } } };
const data = { name: 'Data', email: 'data@example.com' };
const eve = { name: 'Eve', email: 'eve@example.com' };
const roster = (emails: string) => ({
  'repolicy.jsonc': `{ "identities": { "data": { "emails": [${emails}] } }, "rules": { "ownership/unknown-author": "error" } }`,
});

export default defineRule({
  id: 'ownership/unknown-author',
  title: 'Have every author on the roster',
  why: 'What nobody on the team has signed, nobody answers for, and no rule about owners can hold for it.',
  instead: 'Commit with the address that the roster has (git config user.email), or have its owner add this one.',
  severity: 'error',
  options: (z) =>
    z.strictObject({
      allow: z
        .array(glob(z))
        .default([])
        .describe('Globs of e-mail addresses that need no place on the roster: "*@users.noreply.github.com".'),
    }),

  over: change,
  async *check(set, { options: { allow } }) {
    const passes = await matchingAnyCase(allow);
    for await (const stranger of strangers(set)) {
      if (isNotice(stranger)) yield stranger;
      else if (!passes(stranger.person.email)) {
        const { person, commit, newcomer } = stranger;
        const { name, email } = person;
        const who = `${name === '' ? 'An author without a name' : name} <${email}>`;
        const message = newcomer
          ? `${who} is put on the roster by a change that nobody on it has made.`
          : `${who} is nobody whom the policy knows.`;
        yield { message, at: commit === undefined ? {} : { commit }, about: email.toLowerCase() };
      }
    }
  },

  examples: {
    bad: [
      { declared, identity: eve, head: { 'a.ts': '', '«»': '' } },
      {
        title: 'each commit has an author',
        declared,
        head: { 'a.ts': '', '«»': '' },
        commits: [{ author: data }, { author: eve, committer: data }, { author: eve }],
      },
      {
        title: 'nobody lets himself in',
        base: roster('"data@example.com"'),
        head: { ...roster('"data@example.com", "eve@example.com"'), '«»': '' },
        commits: [{ author: eve, changes: [{ path: 'repolicy.jsonc', kind: 'modified' }] }],
      },
    ],
    good: [
      { declared, identity: { name: 'D.', email: 'DATA@example.com' }, head: { 'a.ts': '' } },
      {
        title: 'somebody on the roster lets a colleague in',
        base: roster('"data@example.com"'),
        head: roster('"data@example.com", "eve@example.com"'),
        commits: [{ author: data, changes: [{ path: 'repolicy.jsonc', kind: 'modified' }] }, { author: eve }],
      },
      {
        title: 'bots',
        declared,
        options: { allow: ['*+dependabot[bot]@users.noreply.github.com'] },
        identity: { name: 'dependabot[bot]', email: '49699333+dependabot[bot]@users.noreply.github.com' },
        head: { 'a.ts': '' },
      },
      { title: 'without a roster nobody is asked', identity: eve, head: { 'a.ts': '' } },
    ],
  },
});
