import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { makeFolder, makeRepository, type TestRepository } from './git.ts';

const BIN = join(process.cwd(), 'dist/bin.cjs');

interface Outcome {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

function run(cwd: string, args: readonly string[], options: { input?: string; env?: NodeJS.ProcessEnv } = {}): Outcome {
  const { status, stdout, stderr } = spawnSync(process.execPath, [BIN, ...args], {
    cwd,
    encoding: 'utf8',
    input: '',
    ...options,
  });
  return { status, stdout, stderr };
}

const MIGRATION = 'supabase/migrations/20260102093000_drop.sql';

/** One commit, and one bad migration in the work tree that is not committed. */
function withBadMigration(): TestRepository {
  const repository = makeRepository();
  repository.commit('feat: begin', {
    'supabase/migrations/20260101093000_users.sql': 'create table if not exists users (id int, email text);\n',
  });
  repository.write({ [MIGRATION]: 'alter table users drop column email;\n' });
  return repository;
}

const json = ({ stdout }: Outcome) => JSON.parse(stdout);

describe('exit codes', () => {
  test('0 clean, 1 findings, and --fail-on moves the line between them', () => {
    const { dir } = withBadMigration();
    expect(run(dir, ['check']).status).toBe(1);
    expect(run(dir, ['check', '--rule', 'migrations/*']).status).toBe(0);
    expect(run(dir, ['check', '--rule', 'sql/drop-without-if-exists']).status).toBe(0);
    expect(run(dir, ['check', '--rule', 'sql/drop-without-if-exists', '--fail-on', 'warning']).status).toBe(1);
  });

  test.each([
    [['check', '--nonsense'], /unknown option '--nonsense'/],
    [['chekc'], /Did you mean check/],
    [['check', 'nowhere.sql'], /no file nowhere\.sql/],
    [['check', '--rule', 'sql/dorp-column'], /no rule sql\/dorp-column/],
    [['check', '--format', 'jsno'], /no format "jsno"/],
    [['check', '--format', 'json', '--format', 'sarif'], /cannot share standard output/],
    [['check', '--fail-on', 'fatal'], /--fail-on takes error, warning or info/],
    [['check', '--since', 'nowhere'], /nowhere/],
    [['check', '--since', '--output=x'], /--output=x|revision/],
    [['check', '--staged', '--since', 'HEAD'], /choose one/],
    [['check', '--policy', 'nowhere.json'], /nowhere\.json cannot be read/],
    [['check', '--baseline', 'nowhere.json'], /nowhere\.json cannot be read/],
    [['check', '-'], /--stdin-path/],
    [['check', '--preset', 'recomended'], /did you mean "recommended"/],
    [['hook', 'post-commit'], /no hook "post-commit"/],
    [['explain', 'sql/dropcolumn'], /did you mean sql\/drop-column/],
    [['ci'], /No CI is recognised/],
  ])('2 for %j, and the message says what is wrong', (args, message) => {
    const env = Object.fromEntries(
      Object.entries(process.env).filter(([name]) => !/^(CI|GITHUB_.*|GITLAB_CI)$/.test(name)),
    );
    const { status, stdout, stderr } = run(withBadMigration().dir, args, { env });
    expect(stderr).toMatch(message);
    expect(stdout).toBe('');
    expect(status).toBe(2);
  });

  test('2 outside a repository, in a bare one, and with a policy that cannot be used', () => {
    expect(run(makeFolder(), ['check'])).toMatchObject({
      status: 2,
      stderr: expect.stringMatching(/not a Git repository/),
    });
    expect(run(makeRepository({ bare: true }).dir, ['check'])).toMatchObject({
      status: 2,
      stderr: expect.stringMatching(/no work tree/),
    });
    const { dir, write } = withBadMigration();
    write({ 'repolicy.jsonc': '{\n  "rules": { "sql/dorp-column": "error" }\n}' });
    const { status, stderr } = run(dir, ['check']);
    expect(stderr).toMatch(/repolicy\.jsonc:2:\d+: .*"sql\/dorp-column".*"sql\/drop-column"/);
    expect(status).toBe(2);
  });

  test('3 where the index is unmerged: nothing was judged', () => {
    const repository = makeRepository();
    repository.commit('feat: begin', { 'a.txt': 'a\n' });
    repository.git(['checkout', '-q', '-b', 'other']);
    repository.commit('feat: one', { 'a.txt': 'b\n' });
    repository.git(['checkout', '-q', 'main']);
    repository.commit('feat: two', { 'a.txt': 'c\n' });
    expect(() => repository.git(['merge', '-q', 'other'])).toThrow();
    expect(run(repository.dir, ['check', '--staged']).status).toBe(3);
  });
});

describe('where there is no commit yet', () => {
  test('everything is new, and nothing at all is said to be so', () => {
    const { dir, write } = makeRepository();
    expect(run(dir, ['check'])).toMatchObject({ status: 0, stdout: expect.stringMatching(/Nothing was judged/) });
    write({ [MIGRATION]: 'drop table users;\n' });
    expect(run(dir, ['check']).status).toBe(1);
  });
});

test('the digest of a verdict is the same before the commit, after it, and in CI', () => {
  const repository = withBadMigration();
  const digest = (outcome: Outcome) => /^Verdict [0-9a-f]{12}\.$/m.exec(outcome.stdout)?.[0];
  repository.git(['add', '-A']);
  const staged = digest(run(repository.dir, ['check', '--staged']));
  expect(staged).toBeDefined();
  const before = repository.id('HEAD');
  repository.commit('feat: drop the mail');
  expect(digest(run(repository.dir, ['check', '--since', before]))).toBe(staged);
  const event = join(makeFolder(), 'event.json');
  writeFileSync(event, JSON.stringify({ before, repository: { default_branch: 'main' } }));
  const env = {
    ...process.env,
    GITHUB_ACTIONS: 'true',
    GITHUB_EVENT_NAME: 'push',
    GITHUB_REF: 'refs/heads/main',
    GITHUB_EVENT_PATH: event,
  };
  expect(digest(run(repository.dir, ['ci'], { env }))).toBe(staged);
});

describe('named files', () => {
  test('are judged outside a repository, and so is standard input', () => {
    const dir = makeFolder();
    writeFileSync(join(dir, 'a.sql'), 'drop table users;\n');
    expect(run(dir, ['check', 'a.sql', '--format', 'compact']).stdout).toMatch(
      /^a\.sql:1:1: error Drops table users\./,
    );
    const typed = run(dir, ['check', '-', '--stdin-path', 'b.sql', '--format', 'compact'], { input: 'selekt 1;' });
    expect(typed.stdout).toMatch(/^b\.sql:1:1: error Syntax error at or near "selekt"/);
    expect(typed.status).toBe(1);
  });
});

describe('allows and baseline', () => {
  test('an allow with a reason lets through, is shown as allowed, and --no-allow reports it all the same', () => {
    const { dir, write } = withBadMigration();
    write({ [MIGRATION]: '-- repolicy-allow sql/*: never shipped\nalter table users drop column email;\n' });
    const outcome = run(dir, ['check', '--format', 'json']);
    expect(outcome.status).toBe(0);
    expect(json(outcome).summary).toMatchObject({ error: 0, allowed: 2 });
    expect(json(outcome).findings[0]).toMatchObject({ status: 'allowed', reason: 'never shipped' });
    expect(run(dir, ['check', '--no-allow']).status).toBe(1);
  });

  test('a baseline accepts what stands, by content and count: moved lines keep it, one more is new', () => {
    const { dir, write, commit } = withBadMigration();
    commit('feat: drop');
    expect(run(dir, ['audit', '--applied']).status).toBe(1);
    expect(run(dir, ['baseline']).stderr).toMatch(/2 accepted/);
    expect(json(run(dir, ['audit', '--applied', '--rule', 'sql/*', '--format', 'json'])).summary).toMatchObject({
      error: 0,
      baselined: 2,
    });
    write({ [MIGRATION]: '-- moved\n\n\nalter table users drop column email;\n' });
    expect(run(dir, ['audit', '--applied']).status).toBe(0);
    write({ [MIGRATION]: 'alter table users drop column email;\nalter table users drop column email;\n' });
    expect(json(run(dir, ['audit', '--applied', '--rule', 'sql/*', '--format', 'json'])).summary).toMatchObject({
      error: 1,
      baselined: 2,
    });
    write({ [MIGRATION]: 'select 1;\n' });
    expect(run(dir, ['baseline', '--prune']).stderr).toMatch(/0 accepted, 2 before/);
    write({ [MIGRATION]: 'alter table users drop column email;\n' });
    expect(run(dir, ['baseline', '--prune']).stderr).toMatch(/0 accepted, 0 before/);
  });
});

describe('fixes', () => {
  const BEFORE = 'create table t (id int);\ncreate policy p on t using (true);\n';
  const AFTER =
    'create table IF NOT EXISTS t (id int);\nDROP POLICY IF EXISTS p ON t;\ncreate policy p on t using (true);\n';

  test('--fix-dry-run shows a diff and writes nothing; --fix writes, and a second one has nothing to do', () => {
    const { dir, write } = withBadMigration();
    write({ [MIGRATION]: BEFORE });
    const text = () => readFileSync(join(dir, MIGRATION), 'utf8');
    expect(run(dir, ['check', '--fix-dry-run']).stdout).toContain('+DROP POLICY IF EXISTS p ON t;');
    expect(text()).toBe(BEFORE);
    const fixed = run(dir, ['check', '--fix', '--fail-on', 'warning']);
    expect(fixed.stderr).toContain(`Fixed ${MIGRATION}`);
    expect(fixed.status).toBe(0);
    expect(text()).toBe(AFTER);
    expect(run(dir, ['check', '--fix']).stderr).toBe('');
  });

  test('under --staged a file is written only where the disk equals the index, and the index is left alone', () => {
    const { dir, write, git } = withBadMigration();
    write({ [MIGRATION]: BEFORE });
    git(['add', '-A']);
    write({ [MIGRATION]: `${BEFORE}-- more\n` });
    const left = run(dir, ['check', '--staged', '--fix']);
    expect(left.stderr).toMatch(/Left alone: .*20260102093000_drop\.sql/);
    expect(readFileSync(join(dir, MIGRATION), 'utf8')).toBe(`${BEFORE}-- more\n`);
    write({ [MIGRATION]: BEFORE });
    run(dir, ['check', '--staged', '--fix']);
    expect(readFileSync(join(dir, MIGRATION), 'utf8')).toBe(AFTER);
    expect(git(['show', `:${MIGRATION}`])).toBe(BEFORE.trimEnd());
  });
});

describe('policy', () => {
  test('head judges the change, and what it loosens is shown by base', () => {
    const { dir, commit, write } = withBadMigration();
    commit('feat: policy', { 'repolicy.jsonc': '{ "extends": ["recommended"] }', [MIGRATION]: null });
    write({
      'repolicy.jsonc': '{ "extends": ["recommended"], "rules": { "sql/drop-column": "off", "policy/*": "off" } }',
      [MIGRATION]: 'alter table users drop column email;\n',
    });
    const { stdout } = run(dir, ['check', '--format', 'compact']);
    expect(stdout).toMatch(/warning .*sql\/drop-column.* \[policy\/loosened\]/);
    expect(stdout).not.toMatch(/\[sql\/drop-column\]/);
  });

  test('`policy` says for a path what holds, and which line says so', () => {
    const { dir, write } = withBadMigration();
    write({
      'repolicy.jsonc':
        '{\n  "extends": ["recommended"],\n  "overrides": [{ "files": ["old/**"], "rules": { "sql/drop-table": "info" } }]\n}',
    });
    expect(run(dir, ['policy', 'old/a.sql']).stdout).toMatch(/sql\/drop-table\s+info\s+repolicy\.jsonc:3/);
    expect(run(dir, ['policy', 'new/a.sql']).stdout).toMatch(/sql\/drop-table\s+error\s+preset recommended/);
  });
});

describe('reports', () => {
  test('--format json is exactly one document with the keys of the contract; the same input gives the same bytes', () => {
    const { dir } = withBadMigration();
    const first = json(run(dir, ['check', '--format', 'json']));
    expect(Object.keys(first)).toEqual([
      'version',
      'engine',
      'policy',
      'verdict',
      'change',
      'findings',
      'notices',
      'summary',
    ]);
    const second = json(run(dir, ['check', '--format', 'json']));
    expect({ ...second, summary: { ...second.summary, ms: 0 } }).toEqual({
      ...first,
      summary: { ...first.summary, ms: 0 },
    });
    expect(first.findings.map(({ rule }: { rule: string }) => rule)).toEqual([
      'sql/drop-column',
      'sql/drop-without-if-exists',
    ]);
  });

  test('a format with a file leaves standard output to the others', () => {
    const { dir } = withBadMigration();
    const { stdout } = run(dir, ['check', '--format', 'sarif=out.sarif', '--format', 'compact']);
    expect(stdout).toMatch(/^supabase/);
    expect(JSON.parse(readFileSync(join(dir, 'out.sarif'), 'utf8')).version).toBe('2.1.0');
  });

  test('explain takes a rule, and the fingerprint of a finding', () => {
    const { dir } = withBadMigration();
    const [{ fingerprint }] = json(run(dir, ['check', '--format', 'json'])).findings;
    const page = run(dir, ['explain', 'sql/drop-column']).stdout;
    expect(page).toContain('Do not drop a column that running code may still read');
    expect(run(dir, ['explain', fingerprint]).stdout).toBe(page);
  });
});

test('what cannot be read, is too large, binary or kept elsewhere is said, and nothing crashes', () => {
  const { dir, write } = withBadMigration();
  write({
    [MIGRATION]: 'select 1;\0drop table users;\n',
    'big.txt': 'x'.repeat(21 * 1024 * 1024),
    'picture.bin': new Uint8Array([0, 1, 2, 255]),
    'lfs.txt': `version https://git-lfs.github.com/spec/v1\noid sha256:${'0'.repeat(64)}\nsize 200000000\n`,
    'latin.txt': new Uint8Array([0x63, 0x61, 0x66, 0xe9, 0x0a]),
    'supabase/migrations/20260103093000_lfs.sql': `version https://git-lfs.github.com/spec/v1\noid sha256:${'0'.repeat(64)}\nsize 20\n`,
  });
  const outcome = run(dir, ['check', '--format', 'json']);
  const { findings, notices } = json(outcome);
  expect(notices.map(({ path }: { path: string }) => path)).toEqual(
    expect.arrayContaining(['big.txt', 'lfs.txt', 'supabase/migrations/20260103093000_lfs.sql']),
  );
  expect(findings.map(({ rule, path }: { rule: string; path: string }) => `${rule} ${path}`)).toEqual(
    expect.arrayContaining(['change/large-file big.txt', `sql/syntax-error ${MIGRATION}`]),
  );
  expect(outcome.stderr).toBe('');
  expect(outcome.status).toBe(1);
});
