import { expect, test } from 'vitest';
import { rules } from '../rules/index.ts';
import type { ChangeSet } from '../src/core/change.ts';
import { judge } from '../src/engine/judge.ts';
import { readPolicy } from '../src/engine/policy/resolve.ts';
import { memoryChangeSet } from '../src/repo/memory.ts';
import { makeRepository, open } from './git.ts';

/** Findings as "line: rule: message", and notices, of one committed migration. */
async function audit(content: string | Uint8Array): Promise<readonly string[]> {
  const files = { 'migrations/1_a.sql': content };
  const change =
    typeof content === 'string' ? memoryChangeSet({ 'migrations/1_a.sql': content }) : await committed(files);
  const catalogue = { rules, presets: {} };
  const asked = { 'sql/drop-table': 'error', 'sql/syntax-error': 'error', 'sql/unanalyzable-sql': 'error' };
  const text = JSON.stringify({ migrations: [{ layout: 'plain', dir: 'migrations' }], rules: asked });
  const policy = await readPolicy(memoryChangeSet({ 'repolicy.jsonc': text }).head, catalogue);
  if (!policy || !('ok' in policy)) throw new Error('policy');
  const { findings, notices } = await judge(change, { catalogue, policy: policy.ok, allow: false });
  const written = typeof content === 'string' ? content : Buffer.from(content).toString('latin1');
  const line = (at: number): number => written.slice(0, at).split('\n').length;
  return [
    ...findings.map(({ at, message, failure }) => `${failure ? 'failed ' : ''}${line(at.range![0])}: ${message}`),
    ...notices.map(({ message }) => `not judged: ${message.replace('migrations/1_a.sql', 'it')}`),
  ];
}

async function committed(files: Readonly<Record<string, string | Uint8Array>>): Promise<ChangeSet> {
  const repository = makeRepository();
  repository.commit('one', files);
  return (await open(repository)).audit();
}

const drops = (line: number): string => `${line}: Drops table t.`;

test.each<[title: string, content: string | Uint8Array, said: readonly string[]]>([
  ['SQLite', 'PRAGMA foreign_keys=OFF;\nCREATE TABLE a (id INTEGER PRIMARY KEY AUTOINCREMENT);\nDROP TABLE t;', ['1: Syntax error at or near "PRAGMA".', '2: Syntax error at or near "AUTOINCREMENT". PostgreSQL has GENERATED ALWAYS AS IDENTITY for this.', drops(3), 'not judged: What does not parse is not judged: 2 statements of it.']],
  ['MySQL', 'CREATE TABLE `a` (`id` int NOT NULL AUTO_INCREMENT) ENGINE=InnoDB;\nDROP TABLE t;', ['1: Syntax error at or near "`". PostgreSQL quotes names with ", not with backticks.', drops(2), 'not judged: What does not parse is not judged: 1 statement of it.']],
  ['a psql script', '\\set ON_ERROR_STOP on\n\\i other.sql\nDROP TABLE t \\g\nSELECT :\'x\', :y;\nCOPY a FROM stdin;\n1\t\'\n\\.\nDROP TABLE t;', [drops(3), drops(8)]],
  ['templates, which keep their names', '{% if x %}\nDROP TABLE {{ .Schema }}.t;\n{% endif %}\nDROP TABLE ${a}_u, ${b}_u;', ['2: Drops table "{{ .Schema }}".t.', '4: Drops table "${a}_u".', '4: Drops table "${b}_u".']],
  ['an INSERT of 5 MB', `INSERT INTO a VALUES ${'(1234567),'.repeat(500_000)}(1);\nDROP TABLE t;`, [drops(2)]],
  ['10,000 nested parentheses', `SELECT ${'('.repeat(10_000)}1${')'.repeat(10_000)};\nDROP TABLE t;`, [drops(2), 'not judged: The statement on line 1 cannot be read: memory exhausted at or near "(".']],
  ['NUL, in a statement and in a comment', 'DROP TABLE t;\nSELECT 1\0;\nDROP TABLE t; -- \0\nDROP TABLE t;', [drops(1), '2: Invalid byte sequence for encoding "UTF8": 0x00.', drops(3), drops(4)]],
  ['invalid UTF-8', Buffer.from('DROP TABLE t;\n-- \xff\xfe caf\xc3\nDROP TABLE t;', 'latin1'), [drops(1), '2: Invalid byte sequence for encoding "UTF8": 0xff.', drops(3)]],
  ['Latin-1', Buffer.from('-- caf\xe9\nDROP TABLE t;', 'latin1'), ['1: Invalid byte sequence for encoding "UTF8": 0xe9.', drops(2)]],
  ['CRLF', '-- a\r\nDROP TABLE t;\r\n\r\nDROP TABLE t;\r\n', [drops(2), drops(4)]],
  ['a byte order mark', '\ufeffDROP TABLE t;', [drops(1)]],
  ['nothing', '', []],
  ['a comment that never ends', 'DROP TABLE t;\n/* DROP TABLE t;', [drops(1), '2: Unterminated /* comment.', 'not judged: What does not parse is not judged: 1 statement of it.']],
])('%s: judged, or named as not judged, at its place', async (_, content, said) => expect(await audit(content)).toEqual(said)); // prettier-ignore
