import { isNotice } from '../../src/core/notice.ts';
import { defineRule } from '../../src/core/rule.ts';
import { template } from '../../src/core/templates.ts';
import { change } from '../../src/facts/change.ts';
import { heartbeats } from '../../src/facts/heartbeats.ts';
import { momentOf } from '../../src/facts/moments.ts';

const declared = {
  identities: {
    data: { emails: ['data@example.com'], owns: [] },
    web: { emails: ['web@example.com'], owns: [] },
  },
};
const options = { files: ['beats/{identity}.ndjson'] };
const data = { name: 'Data', email: 'data@example.com' };
const beat = (time: string, status = 'doing', rest = '') =>
  `{"task":"move","status":"${status}","timestamp":"2026-01-15T${time}:00Z"${rest}}\n`;

export default defineRule({
  id: 'evidence/stale-heartbeat',
  title: 'Keep the heartbeat of a task going while it is being done',
  why: 'A task that says "doing" and is silent may have died hours ago, and nobody takes it up.',
  instead: 'Write a new beat, or one that says that the task is done.',
  severity: 'error',
  options: (z) =>
    z.strictObject({
      files: z
        .array(template(z))
        .default([])
        .describe(
          'Path templates of the heartbeats, in JSON Lines. With {identity}, a change is asked for those of its authors.',
        ),
      maxMinutes: z
        .number()
        .min(0)
        .default(15)
        .describe('The most minutes since the last beat of a task, at the time of the commit.'),
      doing: z.array(z.string()).default(['doing']).describe('Values of "status" while a task is being done.'),
      done: z.array(z.string()).default(['done']).describe('Values of "status" of a task that is over: never stale.'),
      fields: z
        .strictObject({
          task: z.string().default('task'),
          status: z.string().default('status'),
          time: z.string().default('timestamp'),
        })
        .default({ task: 'task', status: 'status', time: 'timestamp' })
        .describe('How these are called in a beat.'),
      exempt: z
        .strictObject({
          field: z.string().describe('A number in the first beat of a task, such as "estimateMinutes".'),
          atMost: z.number().describe('A task whose number is no greater needs no further beats.'),
        })
        .optional()
        .describe('Short tasks, which are shown and let pass.'),
    }),

  over: change,
  counts: 'file',
  async *check(set, { options }) {
    const now = momentOf(set);
    for await (const beat of heartbeats(set, options)) {
      if (isNotice(beat)) {
        yield beat;
        continue;
      }
      const { path, range, task, problem, last, exempt } = beat;
      // Only a file that the change touches can be pointed at.
      const at = set.changes.some((one) => one.path === path) ? { path, ...(range && { range }) } : {};
      if (problem !== undefined) {
        yield { message: `${path}: ${problem}.`, at, about: `${path} ${problem}` };
        continue;
      }
      const minutes = Math.floor((now.getTime() - last.getTime()) / 60_000);
      if (minutes <= options.maxMinutes) continue;
      const silent = `${path}: "${task}" has been silent for ${minutes} minutes, since ${last.toISOString()}`;
      if (exempt)
        yield { message: `${silent}; it is exempt as a short task.`, at, about: `${path} ${task}`, atMost: 'info' };
      else
        yield {
          message: `${silent}; ${options.maxMinutes} are the most while it is being done.`,
          at,
          about: `${path} ${task}`,
        };
    }
  },

  examples: {
    bad: [
      {
        declared,
        options,
        identity: data,
        head: { 'beats/data.ndjson': beat('11:30') + `«${beat('11:44').trim()}»\n` },
      },
      {
        title: 'whoever commits is asked for his own beats, also where he did not touch them',
        declared,
        options,
        base: { 'beats/data.ndjson': beat('11:00') },
        head: { 'beats/data.ndjson': beat('11:00'), 'a.ts': '', '«»': '' },
        commits: [{ author: data, date: new Date('2026-01-15T11:20:00Z') }],
      },
      {
        title: 'a beat that cannot be read',
        declared,
        options,
        identity: data,
        head: { 'beats/data.ndjson': `${beat('11:55')}«{"task":"move"}»\n` },
      },
      {
        title: 'a declared exemption is shown',
        declared,
        options: { ...options, exempt: { field: 'minutes', atMost: 30 } },
        identity: data,
        head: { 'beats/data.ndjson': `«${beat('11:30', 'doing', ',"minutes":30').trim()}»\n` },
      },
    ],
    good: [
      { declared, options, identity: data, head: { 'beats/data.ndjson': beat('11:00') + beat('11:45') } },
      {
        title: 'done is done',
        declared,
        options,
        identity: data,
        head: { 'beats/data.ndjson': beat('09:00') + beat('09:10', 'done') },
      },
      {
        title: "the commit's time counts, not today's",
        declared,
        options,
        commits: [{ author: data, date: new Date('2026-01-15T11:14:00Z') }],
        now: '2026-03-01T00:00:00Z',
        head: { 'beats/data.ndjson': beat('11:00') },
      },
      {
        title: "others' beats are theirs",
        declared,
        options,
        identity: data,
        head: { 'beats/web.ndjson': beat('08:00') },
      },
      {
        title: 'nothing beats before the policy says so',
        identity: data,
        head: { 'beats/data.ndjson': beat('08:00') },
      },
    ],
  },
});
