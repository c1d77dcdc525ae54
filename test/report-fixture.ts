import { createHash } from 'node:crypto';
import type { Draft, Finding, Location } from '../src/core/finding.ts';
import { sample } from '../src/core/sample.ts';
import { makeReport, type Report, type Reported, type RuleWords } from '../src/report/report.ts';

/** Made, never written out. */
export const TOKEN = sample(40, 3);
export const PASSWORD = `${sample(9, 5)}!`;
export const PEM_BODY = [sample(64, 7), sample(64, 8), sample(64, 9), sample(22, 10)];
const PEM = ['-----BEGIN PRIVATE KEY-----', ...PEM_BODY, '-----END PRIVATE KEY-----'].join('\n');
export const SECRETS = [TOKEN, PASSWORD, ...PEM_BODY];

export const MIGRATION = 'supabase/migrations/20260101000000_tidy.sql';
const CRLF = 'src/old\u202etxt.exe.ts';
const HOSTILE = '::error file=x::pwn\n\u001b[31m|<b>&"\'`.md';
const MINIFIED = 'dist/app.min.js';
const DELETED = 'config/app.env';

export const FILES: ReadonlyMap<string, string> = new Map([
  [
    MIGRATION,
    [
      '-- The old address book.',
      'alter table users drop column email;',
      '',
      'create table notes (',
      '  id bigint primary key,',
      '  body text,',
      '  author bigint references users (id)',
      ');',
      '\tselect \'日本語 👩‍👩‍👧 e\u0301\' as "naïve", pg_sleep(10);',
      '',
    ].join('\n'),
  ],
  [
    CRLF,
    `\ufeffconst token = "${TOKEN}";\r\nconst pass = "${PASSWORD}"; // 😀 ${TOKEN}\r\n\r\nexport default token;\r\n`,
  ],
  [HOSTILE, `# Notes\n\n##[error]see \`<script>alert(1)</script>\` | ${TOKEN}\n`],
  [MINIFIED, `!function(){${'var a=1;'.repeat(400)}eval(location.hash);${'var b=2;'.repeat(400)}}();\n`],
  ['keys/server.pem', `${PEM}\n`],
  [DELETED, 'MODE=production\n'],
]);

const place = (path: string, needle: string, from = 0): Location => {
  const start = FILES.get(path)!.indexOf(needle, from);
  return { path, range: [start, start + needle.length] };
};

const finding = (rule: string, severity: Finding['severity'], draft: Draft, more: Partial<Finding> = {}): Finding => ({
  rule,
  severity,
  ...draft,
  status: 'reported',
  fingerprint: createHash('sha256')
    .update([rule, draft.at.path ?? '', draft.about].join('\0'))
    .digest('hex')
    .slice(0, 16),
  ...more,
});

const drop = place(MIGRATION, 'drop column email');
const table = FILES.get(MIGRATION)!.indexOf('create table');

export const FINDINGS: readonly Finding[] = [
  finding('sql/drop-column', 'error', { message: 'Drops column users.email.', at: drop, about: 'users.email' }),
  finding('sql/missing-row-security', 'warning', {
    message:
      'Makes table notes, which anybody with the public key may read and write: it has no row security, and no later statement of this file gives it any.',
    at: { path: MIGRATION, range: [table, FILES.get(MIGRATION)!.indexOf(');') + 2] },
    about: 'notes',
    fix: {
      title: 'Enable row security',
      edits: [
        {
          path: MIGRATION,
          range: [FILES.get(MIGRATION)!.indexOf(');') + 2, FILES.get(MIGRATION)!.indexOf(');') + 2],
          text: '\nalter table notes enable row level security;',
        },
      ],
    },
    related: [place(MIGRATION, 'references users')],
  }),
  finding('sql/slow-call', 'info', {
    message: 'Calls pg_sleep.',
    at: place(MIGRATION, 'pg_sleep(10)'),
    about: 'pg_sleep',
  }),
  finding('sql/drop-column', 'error', {
    message: 'Drops column users.email once more.',
    at: { path: MIGRATION, range: [drop.range![0] + 5, drop.range![1]] },
    about: 'users.email',
  }),
  finding('secrets/token', 'error', {
    message: 'Holds an access token.',
    at: place(CRLF, TOKEN),
    about: createHash('sha256').update(TOKEN).digest('hex').slice(0, 12),
    secret: true,
  }),
  finding('secrets/password', 'error', {
    message: 'Holds a password.',
    at: place(CRLF, PASSWORD),
    about: 'pass',
    secret: true,
  }),
  finding('content/emoji', 'info', { message: `Shows 😀 beside ${TOKEN}.`, at: place(CRLF, '😀'), about: '😀' }),
  finding('docs/unlisted-file', 'error', {
    message:
      'Adds a document\n::error::pwned\n@everyone [click](https://evil.example) \u001b[2J\u202e | <img src=x> closes #1',
    at: { path: HOSTILE },
    about: '__proto__',
  }),
  finding('content/markup', 'warning', {
    message: 'Holds a script tag.',
    at: place(HOSTILE, '<script>alert(1)</script>'),
    about: 'script',
  }),
  finding('content/eval', 'warning', {
    message: 'Calls eval.',
    at: place(MINIFIED, 'eval(location.hash)'),
    about: 'eval',
  }),
  finding('secrets/private-key', 'error', {
    message: 'Holds a private key.',
    at: place('keys/server.pem', PEM),
    about: 'private key',
    secret: true,
  }),
  finding('config/deleted-file', 'warning', {
    message: 'Deletes config/app.env, which the deployment reads.',
    at: place(DELETED, 'MODE=production'),
    about: 'config/app.env',
  }),
  finding('change/message-style', 'error', {
    message: 'The subject has 91 characters, above 72.',
    at: { commit: '3f2a91c0b1d2e3f4a5b6c7d8e9f00112233445566' },
    about: 'length',
  }),
  finding('change/too-large', 'warning', { message: 'Touches 412 files, above 200.', at: {}, about: 'files' }),
  finding('secrets/token', 'error', {
    message: 'Holds an access token.',
    at: { path: CRLF, range: [3, 20], commit: 'aaaabbbbccccddddeeeeffff0000111122223333' },
    about: 'history',
    secret: true,
  }),
  finding(
    'sql/drop-column',
    'error',
    { message: 'Drops column users.phone.', at: place(MIGRATION, 'email'), about: 'users.phone' },
    { status: 'allowed', reason: 'last reader removed in #412 | @team <b>' },
  ),
  finding(
    'docs/unlisted-file',
    'error',
    { message: 'Adds a document that nobody asked for.', at: { path: 'docs/old.md' }, about: 'docs/old.md' },
    { status: 'baselined' },
  ),
];

const words = (id: string, title: string, why: string, instead: string, more: Partial<RuleWords> = {}): RuleWords => ({
  id,
  title,
  why,
  instead,
  severity: 'error',
  ...more,
});

export const RULES: readonly RuleWords[] = [
  words(
    'sql/drop-column',
    'Do not drop a column that running code may still read',
    'Until the last old process is gone, every query that names the column fails; the data is gone for good.',
    'Stop reading and writing it, deploy, and drop it in a later release.',
    { url: 'https://example.com/rules/sql#sqldrop-column' },
  ),
  words(
    'sql/missing-row-security',
    'Give every new table row security',
    'Supabase serves each table of the public schema to whoever holds the public key.',
    'Enable row level security in the same migration and add the policies that the application needs.',
    { severity: 'warning' },
  ),
  words(
    'sql/slow-call',
    'Do not wait inside a migration',
    'Locks are held while it waits.',
    'Wait outside of the transaction.',
    { severity: 'info' },
  ),
  words(
    'secrets/token',
    'Do not commit an access token',
    'Whoever can read the repository, today or in any clone of its history, can use it.',
    'Revoke it at its provider and issue a new one; removing the line is not enough, for the history keeps it.',
  ),
  words(
    'secrets/password',
    'Do not commit a password',
    'Whoever can read the repository can use it.',
    'Change it, and read it from the environment.',
  ),
  words(
    'secrets/private-key',
    'Do not commit a private key',
    'Whoever can read the repository can use it.',
    'Make a new pair, and keep the private half out of the repository.',
  ),
  words(
    'docs/unlisted-file',
    'Do not add documents that the policy does not list',
    'Stray documents are found years later and believed.',
    'Put it where the policy allows documents of its kind, or add it to the list with a reason.',
  ),
  words('content/emoji', 'Write words in place of emoji', 'Screen readers read them out in full.', 'Say it in words.', {
    severity: 'info',
  }),
  words(
    'content/markup',
    'Do not put scripts into documents',
    'A page that is built from it runs them.',
    'Show it in a fenced block.',
    { severity: 'warning' },
  ),
  words('content/eval', 'Do not call eval', 'It runs whatever it is given.', 'Parse what you are given.', {
    severity: 'warning',
  }),
  words(
    'config/deleted-file',
    'Keep files that the deployment reads',
    'The next deployment fails.',
    'Change the deployment first.',
    { severity: 'warning' },
  ),
  words(
    'change/message-style',
    'Write commit messages that can be read in a list',
    'Long subjects are cut off in every list of commits.',
    'Say what changed in 72 characters and the rest in the body.',
  ),
  words('change/too-large', 'Keep a change small enough to be read', 'Nobody reads 400 files.', 'Split it.', {
    severity: 'warning',
  }),
  words('evidence/never-fired', 'Show that it works', 'Nobody knows.', 'Add what the policy asks for.'),
];

export const INPUT: Reported = {
  findings: FINDINGS,
  notices: [
    {
      notice: 'not-judged',
      message: 'assets/film.mov was not read: its content is kept in Git LFS.',
      path: 'assets/film.mov',
    },
    {
      notice: 'not-judged',
      message: 'The blob is missing from this partial clone.',
      path: 'src/gone\n::warning::x.ts',
      needed: true,
    },
    { notice: 'degraded', message: 'WebAssembly is not at hand: statements were read by the smaller parser.' },
    { notice: 'degraded', message: 'WebAssembly is not at hand: statements were read by the smaller parser.' },
  ],
  change: { base: 'tree 3f2a91c', head: 'index', files: 7, commits: 2 },
  policy: 'a1b2c3d4',
  engine: '1.2.3',
  rules: RULES,
  asked: 120,
  ms: 41,
  read: async (path) => FILES.get(path),
};

export const richReport = (more: Partial<Reported> = {}): Promise<Report> => makeReport({ ...INPUT, ...more });
export const cleanReport = (more: Partial<Reported> = {}): Promise<Report> =>
  makeReport({
    ...INPUT,
    findings: [],
    notices: [],
    change: { base: 'HEAD', head: 'index', files: 3, commits: 0 },
    asked: 41,
    ...more,
  });
