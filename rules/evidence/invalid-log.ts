import { defineRule } from '../../src/core/rule.ts';
import { template } from '../../src/core/templates.ts';
import { changes } from '../../src/facts/change.ts';
import { unread } from '../../src/facts/files.ts';
import { readJsonLines } from '../../src/facts/json-lines.ts';
import { jsonSchemaOption, violations } from '../../src/facts/json-schema.ts';
import { capturing } from '../../src/facts/paths.ts';

const files = ['*.jsonl'];
const schema = {
  required: ['tool', 'timestamp'],
  properties: { timestamp: { type: 'string', format: 'date-time' }, tool: { pattern: '^[a-z.]+$' } },
};
const line = '{"tool":"sql.run","timestamp":"2026-01-15T10:00:00Z"}';

export default defineRule({
  id: 'evidence/invalid-log',
  title: 'Write each line of a log by its schema',
  why: 'A log that cannot be read line by line proves nothing, and nobody notices until it is needed.',
  instead: 'Let the tool write the log: one JSON object on each line, with every field that the schema asks for.',
  severity: 'error',
  sources: ['https://jsonlines.org', 'https://json-schema.org/draft/2020-12/json-schema-validation'],
  options: (z) =>
    z.strictObject({
      files: z.array(template(z)).default([]).describe('Path templates of the logs, in JSON Lines.'),
      schema: jsonSchemaOption(z).default({}).describe('JSON Schema of one line; every line must be an object.'),
    }),

  over: changes,
  async *check({ path, after }, { head, options: { files, schema } }) {
    if (after?.kind !== 'file' || files.length === 0 || !(await capturing(files, head.declared))(path)) return;
    const content = await head.content(path);
    if (content.kind !== 'text') {
      yield { ...unread(path, content), needed: true };
      return;
    }
    let lines = 0;
    for (const { number, range, value } of readJsonLines(content.text)) {
      lines++;
      const problems = value === undefined ? ['it is not JSON'] : [];
      if (value !== undefined)
        for await (const problem of violations(value, { ...schema, type: 'object' }, 'it')) problems.push(problem);
      if (problems.length === 0) continue;
      const said = problems.slice(0, 3).join('; ') + (problems.length > 3 ? ` and ${problems.length - 3} more` : '');
      yield { message: `Line ${number} breaks its schema: ${said}.`, at: { path, range }, about: said };
    }
    if (lines === 0) yield { message: `${path} is empty.`, at: { path }, about: 'empty' };
  },

  examples: {
    bad: [
      { options: { files, schema }, head: { 'a.jsonl': `${line}\n«{"tool":"sql.run"}»\n${line}\n` } },
      {
        title: 'neither JSON nor an object',
        options: { files },
        head: { 'a.jsonl': '«{"a":1,}»\r\n{}\r\n«[1]»\r\n«"a"»' },
      },
      { title: 'no such day', options: { files, schema }, head: { 'a.jsonl': `«${line.replace('01-15', '02-30')}»` } },
      { title: 'an empty file', options: { files }, head: { '«a.jsonl»': '\n' } },
      {
        title: 'what is new',
        options: { files },
        base: { 'a.jsonl': 'old\n' },
        head: { 'a.jsonl': 'old\n{}\n«new»\n' },
      },
      {
        title: 'types, lists and fields that are not foreseen',
        options: {
          files,
          schema: {
            properties: { n: { type: 'integer' }, t: { items: { enum: ['a'] } } },
            additionalProperties: false,
          },
        },
        head: { 'a.jsonl': '{"n":1,"t":["a"]}\n«{"n":1.5}»\n«{"t":["a","b"]}»\n«{"__proto__":1}»\n' },
      },
      {
        title: 'only in the folders of those who are declared',
        options: { files: ['artifacts/{identity}/{date}/mcp/*.jsonl'] },
        declared: { identities: { data: { emails: [], owns: [] } } },
        head: { 'artifacts/data/2026-01-15/mcp/x.jsonl': '«x»', 'artifacts/eve/2026-01-15/mcp/x.jsonl': 'x' },
      },
    ],
    good: [
      { options: { files, schema }, head: { 'a.jsonl': `\ufeff${line}\r\n${line}\r\n\r\n` } },
      { title: 'an offset', options: { files, schema }, head: { 'a.jsonl': line.replace('Z', '.123+05:30') } },
      { title: 'other files are no logs', options: { files, schema }, head: { 'a/b.jsonl': 'x', 'a.json': '' } },
      { title: 'one that goes', options: { files, schema }, base: { 'a.jsonl': 'x' }, head: {} },
      { title: 'nothing is a log before the policy says so', head: { 'a.jsonl': 'x' } },
    ],
  },
});
