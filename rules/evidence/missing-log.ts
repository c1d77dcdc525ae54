import { glob } from '../../src/core/globs.ts';
import { defineRule } from '../../src/core/rule.ts';
import { template } from '../../src/core/templates.ts';
import { change } from '../../src/facts/change.ts';
import { listedLogs } from '../../src/facts/listed-logs.ts';
import { capturing, matching } from '../../src/facts/paths.ts';

const options = { section: 'MCP Evidence', files: ['artifacts/**/*.jsonl'] };
const log = 'artifacts/data/2026-01-15/mcp/sql.jsonl';
const proposed = (body: string) => ({ title: 'Move', body, labels: [] });

export default defineRule({
  id: 'evidence/missing-log',
  title: 'Bring the evidence that the pull request names',
  why: 'A log that is only spoken of proves nothing, and after the merge nobody can ask for it any more.',
  instead: 'Commit the log with the change, list its path in the section, or write there why this change needs none.',
  severity: 'error',
  options: (z) =>
    z.strictObject({
      section: z.string().default('').describe('The heading in the text of the pull request: "MCP Evidence".'),
      files: z.array(template(z)).default(['**/*.jsonl']).describe('Path templates of what is a log.'),
      needed: z
        .array(glob(z))
        .default(['**'])
        .describe('Globs: a change that touches none of these needs no evidence.'),
      exemption: z
        .string()
        .default('Exempt')
        .describe(
          'The word that begins a declared exemption, "Exempt: documents only". It is shown, and lets the change pass.',
        ),
    }),

  over: change,
  async *check({ pullRequest, head, changes }, { options: { section, files, needed, exemption } }) {
    if (!pullRequest || section === '') return;
    const isNeeded = await matching(needed);
    const isLog = await capturing(files, head.declared);
    const said = await listedLogs(pullRequest.body, section, exemption, (path) => isLog(path) !== undefined);
    if (said.kind === 'unread') {
      yield { notice: 'not-judged', message: `The text of the pull request was not read: ${said.why}.`, needed: true };
      return;
    }
    const reason = said.kind === 'section' ? said.exempt : undefined;
    if (reason !== undefined) {
      const message =
        reason === ''
          ? 'An exemption from evidence gives no reason.'
          : `No evidence is needed, says the pull request: ${reason}.`;
      yield { message, at: {}, about: 'exempt', ...(reason !== '' && { atMost: 'info' as const }) };
      return;
    }
    const brought = new Set(changes.flatMap(({ path, after }) => (after?.kind === 'file' ? [path] : [])));
    const listed = said.kind === 'section' ? said.paths : [];
    for (const path of listed) {
      if (brought.has(path)) continue;
      const why = (await head.entry(path)) ? 'this change does not touch it' : 'there is no such file';
      yield { message: `${path} stands under "${section}", and ${why}.`, at: {}, about: path };
    }
    if (listed.length > 0 || !changes.some(({ path }) => isNeeded(path))) return;
    const what = said.kind === 'section' ? `names no log (${files.join(', ')})` : 'is missing';
    yield { message: `The section "${section}" of the pull request ${what}.`, at: {}, about: 'section' };
  },

  examples: {
    bad: [
      {
        title: 'a log that is not in the change',
        options,
        pullRequest: proposed(`Moves it.\n\n## MCP Evidence\n\n- \`${log}\`\n`),
        head: { 'app/a.ts': '', '«»': '' },
      },
      {
        title: 'one that was there before',
        options,
        base: { [log]: '{}' },
        pullRequest: proposed(`# MCP evidence\n[the log](${log})`),
        head: { [log]: '{}', 'app/a.ts': '', '«»': '' },
      },
      { title: 'no section', options, pullRequest: proposed('Moves it.'), head: { 'app/a.ts': '', '«»': '' } },
      {
        title: 'in a comment or in code, nothing is said',
        options,
        pullRequest: proposed(`## MCP Evidence\n\n<!-- ${log} -->\n\n~~~\n${log}\n~~~\n`),
        head: { [log]: '{}', '«»': '' },
      },
      {
        title: 'a declared exemption is shown',
        options,
        pullRequest: proposed('## MCP Evidence\n\nExempt: only documents'),
        head: { 'a.md': '', '«»': '' },
      },
    ],
    good: [
      {
        options,
        pullRequest: proposed(`## MCP Evidence\n\n* ${log}, made by hand\n\n## Notes\n\nlogs/old.jsonl\n`),
        head: { [log]: '{}', 'app/a.ts': '' },
      },
      {
        title: 'only documents',
        options: { ...options, needed: ['app/**'] },
        pullRequest: proposed('x'),
        head: { 'a.md': '' },
      },
      { title: 'no pull request yet', options, head: { 'app/a.ts': '' } },
      {
        title: 'nothing is asked before the policy names a section',
        pullRequest: proposed(''),
        head: { 'app/a.ts': '' },
      },
    ],
  },
});
