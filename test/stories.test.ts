import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { cleanEnvironment, playStory, readStory } from '../src/dev/story.ts';
import { makeFolder, makeRepository, type TestRepository } from './git.ts';
import {
  attempt,
  bytesBelow,
  engine,
  installed,
  tarball,
  withPackages,
  type AttemptOptions,
  type Outcome,
} from './installed.ts';

// The package as it is published, in repositories as people have them.

const PACKAGE = { name: 'moorings', private: true, devDependencies: { husky: '^9.1.7', repolicy: '^0.1.0' } };

beforeAll(() => {
  installed();
}, 300_000);

interface Work extends TestRepository {
  /** Runs git as a developer does, hooks and all. */
  attempt(args: readonly string[], options?: AttemptOptions): Outcome;
  repolicy(args: readonly string[], env?: NodeJS.ProcessEnv): Outcome;
  subjects(): string[];
}

const BERTHS = `CREATE TABLE IF NOT EXISTS public.berths (id uuid PRIMARY KEY, pier text);
ALTER TABLE public.berths ENABLE ROW LEVEL SECURITY;
`;
const BAD = 'ALTER TABLE public.berths DROP COLUMN IF EXISTS pier;\n';
const GOOD = "COMMENT ON COLUMN public.berths.pier IS 'A letter.';\n";
const FIRST = 'supabase/migrations/20260902093000_create_berths.sql';
const SECOND = 'supabase/migrations/20260914090000_pier.sql';
const RULE = 'sql/drop-column';

/** By the arguments of init: a repository that it has set up, with one good migration in its first commit. */
const prepared = new Map<string, string>();

/** A copy of such a repository. */
function work(init: readonly string[] = []): Work {
  const known = prepared.get(init.join(' ')) ?? prepare(init);
  prepared.set(init.join(' '), known);
  const dir = makeFolder();
  cpSync(known, dir, { recursive: true, verbatimSymlinks: true });
  return actions(makeRepository({ at: dir }));
}

function prepare(init: readonly string[]): string {
  const repository = actions(makeRepository());
  withPackages(repository.dir);
  repository.write({ 'package.json': JSON.stringify(PACKAGE), '.gitignore': 'node_modules\n', [FIRST]: BERTHS });
  expect(repository.repolicy(['init', '--yes', '--no-install', ...init])).toMatchObject({ status: 0 });
  repository.git(['add', '--all']);
  expect(repository.attempt(['commit', '-q', '-m', 'start'])).toMatchObject(passed);
  return repository.dir;
}

function actions(repository: TestRepository): Work {
  return {
    ...repository,
    attempt: (args, options) => attempt(repository, 'git', args, options),
    repolicy: (args, env = {}) => attempt(repository, process.execPath, [engine(), ...args], { env }),
    subjects: () => repository.git(['log', '--format=%s']).split('\n'),
  };
}

const blocked = { status: 1, output: expect.stringContaining(RULE) as string };
const passed = { status: 0, output: '' };

describe('what is judged is what will be committed', () => {
  test('a partly staged file is judged from the index, and nothing is touched', () => {
    const repository = work();
    repository.write({ [SECOND]: BAD, 'notes.txt': 'untracked' });
    repository.git(['add', SECOND]);
    repository.write({ [SECOND]: GOOD });
    repository.git(['status']);

    const before = bytesBelow(repository.dir);
    expect(repository.attempt(['hook', 'run', 'pre-commit'])).toMatchObject(blocked);
    expect(bytesBelow(repository.dir)).toEqual(before);

    expect(repository.attempt(['commit', '-q', '-m', 'drop'])).toMatchObject(blocked);
    expect(readFileSync(join(repository.dir, SECOND), 'utf8')).toBe(GOOD);
    expect(repository.git(['show', `:${SECOND}`])).toBe(BAD.trimEnd());
    expect(repository.git(['stash', 'list'])).toBe('');
  });

  test('a fault that only the work tree has stops nothing', () => {
    const repository = work();
    repository.write({ [SECOND]: GOOD });
    repository.git(['add', SECOND]);
    repository.write({ [SECOND]: BAD });
    expect(repository.attempt(['commit', '-q', '-m', 'comment'])).toMatchObject(passed);
    expect(readFileSync(join(repository.dir, SECOND), 'utf8')).toBe(BAD);
    expect(repository.git(['show', `HEAD:${SECOND}`])).toBe(GOOD.trimEnd());
  });

  test('commit -a takes along what was never staged', () => {
    const repository = work();
    repository.commit('comment', { [SECOND]: GOOD });
    repository.write({ [SECOND]: BAD });
    expect(repository.attempt(['commit', '-q', '-a', '-m', 'drop'])).toMatchObject(blocked);
    expect(repository.git(['diff', '--cached', '--name-only'])).toBe('');
  });

  test('commit <path> leaves out what is staged beside it', () => {
    const repository = work();
    repository.write({ 'README.md': 'Moorings\n', [SECOND]: BAD });
    repository.git(['add', '--all']);
    expect(repository.attempt(['commit', '-q', '-m', 'read me', '--', 'README.md'])).toMatchObject(passed);
    expect(repository.attempt(['commit', '-q', '-m', 'drop', '--', SECOND])).toMatchObject(blocked);
    expect(repository.git(['diff', '--cached', '--name-only'])).toBe(SECOND);
  });

  test('an amended commit is judged whole, against the commit before it', () => {
    const repository = work();
    repository.commit('drop', { [SECOND]: BAD });
    expect(repository.attempt(['commit', '-q', '--amend', '--no-edit'])).toMatchObject(blocked);
    repository.write({ [SECOND]: GOOD });
    repository.git(['add', SECOND]);
    expect(repository.attempt(['commit', '-q', '--amend', '-m', 'comment'])).toMatchObject(passed);
    expect(repository.subjects()).toEqual(['comment', 'start']);
  });

  test('called from a folder below the top', () => {
    const repository = work();
    repository.write({ [SECOND]: BAD });
    repository.git(['add', '--all']);
    expect(repository.attempt(['commit', '-q', '-m', 'drop'], { cwd: join(repository.dir, 'supabase') })).toMatchObject(
      blocked,
    );
  });
});

describe('a linked work tree', () => {
  test('with committed hooks has them from the start, and borrows the packages', () => {
    const repository = work(['--manager', 'git']);
    const linked = join(makeFolder(), 'linked');
    repository.git(['worktree', 'add', '-q', linked, '-b', 'linked']);
    writeIn(linked, SECOND, BAD);
    expect(repository.attempt(['add', '--all'], { cwd: linked }).status).toBe(0);
    expect(repository.attempt(['commit', '-q', '-m', 'drop'], { cwd: linked })).toMatchObject(blocked);
    writeIn(linked, SECOND, GOOD);
    repository.attempt(['add', '--all'], { cwd: linked });
    expect(repository.attempt(['commit', '-q', '-m', 'comment'], { cwd: linked })).toMatchObject(passed);
  });

  test('with husky has them once husky has run there, as each installation of packages makes it', () => {
    const repository = work();
    const linked = join(makeFolder(), 'linked');
    repository.git(['worktree', 'add', '-q', linked, '-b', 'linked']);
    const husky = join(installed(), 'node_modules/husky/bin.js');
    expect(spawnSync(process.execPath, [husky], { cwd: linked, env: repository.env }).status).toBe(0);
    writeIn(linked, SECOND, BAD);
    repository.attempt(['add', '--all'], { cwd: linked });
    expect(repository.attempt(['commit', '-q', '-m', 'drop'], { cwd: linked })).toMatchObject(blocked);
  });
});

function writeIn(dir: string, path: string, text: string): void {
  mkdirSync(dirname(join(dir, path)), { recursive: true });
  writeFileSync(join(dir, path), text);
}

describe('names that somebody has chosen with care', () => {
  const NAMES = [
    'supabase/migrations/20260914090000_a\n::error::pwned.sql',
    'supabase/migrations/20260915090000_\u001b[2Jgone.sql',
    'supabase/migrations/20260916090000_$(touch pwned)`touch pwned`.sql',
    'supabase/migrations/20260917090000_"quoted" \'name\'.sql',
    'supabase/migrations/20260918090000_*[x]?{a,b}.sql',
    'supabase/migrations/20260919090000_\u202egnp.sql',
    'supabase/migrations/20260920090000_ üñí .sql',
  ];

  test.each(NAMES)('%j is judged like any other, and shown without harm', (name) => {
    const repository = work();
    repository.write({ [name]: BAD });
    repository.git(['add', '--all']);
    const { status, output } = repository.attempt(['commit', '-q', '-m', 'drop']);
    expect(status).toBe(1);
    expect(output).toContain(RULE);
    expect(output).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f\u202e]|^::/m);
    expect(existsSync(join(repository.dir, 'pwned'))).toBe(false);
  });

  test('bytes that are no UTF-8', () => {
    const repository = work();
    const folder = Buffer.from(join(repository.dir, 'supabase/migrations/20260914090000_'));
    writeFileSync(Buffer.concat([folder, Buffer.from([0xff, 0xfe]), Buffer.from('.sql')]), BAD);
    repository.git(['add', '--all']);
    expect(repository.attempt(['commit', '-q', '-m', 'drop'])).toMatchObject(blocked);
  });
});

interface Found {
  readonly rule: string;
  readonly path: string | null;
  readonly line: number | null;
  readonly fingerprint: string;
}

test('the same change gets the same finding from check, from CI and from an audit', () => {
  const repository = work();
  repository.git(['switch', '-q', '-c', 'side']);
  const head = repository.commit('drop', { [SECOND]: `-- A letter.\n${BAD}` });
  const base = repository.id('main');
  const event = join(makeFolder(), 'event.json');
  const pull = { title: 'Drop', body: '', base: { ref: 'main', sha: base }, head: { ref: 'side', sha: head } };
  writeFileSync(event, JSON.stringify({ number: 1, pull_request: pull }));
  const github = {
    CI: 'true',
    GITHUB_ACTIONS: 'true',
    GITHUB_EVENT_NAME: 'pull_request',
    GITHUB_EVENT_PATH: event,
    GITHUB_SHA: head,
    GITHUB_REF: 'refs/pull/1/merge',
    GITHUB_HEAD_REF: 'side',
    GITHUB_BASE_REF: 'main',
  };
  const findings = (args: readonly string[], env: NodeJS.ProcessEnv = {}): Found[] => {
    const { status, stdout, output } = repository.repolicy([...args, '--format', 'json'], env);
    expect(status, output).toBe(1);
    const report = JSON.parse(stdout) as { findings: Found[] };
    return report.findings.map(({ rule, path, line, fingerprint }) => ({ rule, path, line, fingerprint }));
  };
  const since = findings(['check', '--since', 'main']);
  expect(since).toEqual([{ rule: RULE, path: SECOND, line: 2, fingerprint: expect.any(String) }]);
  expect(findings(['ci'], github)).toEqual(since);
  expect(findings(['audit'])).toEqual(since);
  expect(findings(['audit', '--rev', 'side'])).toEqual(since);

  repository.git(['reset', '-q', '--soft', 'main']);
  expect(findings(['check', '--staged'])).toEqual(since);
  expect(findings(['check'])).toEqual(since);
  expect(repository.attempt(['commit', '-q', '-m', 'drop'])).toMatchObject(blocked);
});

test('the sample shows what three teams did, each finding once', () => {
  const dir = makeFolder();
  const env = cleanEnvironment();
  playStory(readStory(readFileSync('fixtures/sample.story', 'utf8')), dir, env);
  const args = [engine(), 'audit', '-C', dir, '--format', 'json'];
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { env, encoding: 'utf8' });
  expect(status, stderr).toBe(1);
  const { findings, notices } = JSON.parse(stdout) as { findings: Found[]; notices: { path: string }[] };
  expect(findings.map(({ rule, path }) => `${rule} ${path}`)).toEqual([
    'content/forbidden-import app/routes/calendar.tsx',
    'evidence/invalid-log artifacts/data/2026-09-21/mcp/supabase.jsonl',
    'docs/unlisted-file docs/FINAL_STATUS.md',
    'docs/expired-file docs/planning/web-calendar-20260903.md',
    'ownership/foreign-feedback-file feedback/data/2026-09-14.md',
    'config/assertion fly.toml',
    'secrets/github-token scripts/release-notes.sh',
    'migrations/duplicate-version supabase/migrations/20260914090000_create_bookings.sql',
    'migrations/duplicate-version supabase/migrations/20260914090000_create_opening_hours.sql',
    'ownership/foreign-path supabase/migrations/20260914090000_create_opening_hours.sql',
    'migrations/duplicate-version supabase/migrations/20260914090000_create_prices.sql',
    'ownership/foreign-path supabase/migrations/20260914090000_create_prices.sql',
    'sql/syntax-error supabase/migrations/20260921160000_prevent_overlaps.sql',
    'sql/create-policy-without-drop supabase/migrations/20260928093000_booking_policies.sql',
    'sql/create-policy-without-drop supabase/migrations/20260928093000_booking_policies.sql',
  ]);
  expect(notices.map(({ path }) => path)).toEqual(['supabase/migrations/20260921160000_prevent_overlaps.sql']);
});

describe('init', () => {
  const files = { 'package.json': '{}\n', 'go.mod': '' };

  test('writes nothing without a yes, nor in a dry run', () => {
    const repository = actions(makeRepository());
    repository.write(files);
    const dry = repository.repolicy(['init', '--dry-run']);
    expect(dry).toMatchObject({
      status: 0,
      stdout: expect.stringMatching(/^init would write:\n  package\.json +adds husky/),
    });
    const unasked = repository.repolicy(['init']);
    // Before it asks, it shows what becomes of the files that are there; a dry run shows those that are new as well.
    expect(unasked).toMatchObject({
      status: 2,
      stdout: expect.stringMatching(/\npackage\.json:\n(?:  .*\n)*  \+.*"husky"/),
    });
    expect(unasked.stdout).not.toContain('.husky/repolicy:');
    expect(dry.stdout).toContain('\n.husky/repolicy:\n  +# Has repolicy judge');
    expect(unasked.output).toContain('Nothing was written: say --yes to write this.');
    expect(repository.git(['status', '--porcelain'])).toBe('?? go.mod\n?? package.json');
  });

  test('says what it cannot do, and what to do instead', () => {
    const repository = actions(makeRepository());
    expect(repository.repolicy(['init', '--yes', '--manager', 'husky'])).toEqual({
      status: 2,
      stdout: '',
      output: 'husky needs a package.json. `--manager git` does without one.\n',
    });
    expect(repository.repolicy(['init', '--yes', '-C', makeFolder()])).toMatchObject({ status: 2 });
    expect(repository.repolicy(['init', '--manager', 'make'])).toMatchObject({ status: 2 });
  });

  test('leaves a policy that is there as it is, and finds it in no need of anything', () => {
    const repository = work();
    expect(repository.repolicy(['init', '--yes']).stdout).toBe('Everything is set up: nothing was changed.\n');
    expect(repository.git(['status', '--porcelain'])).toBe('');
  });
});

test('init on a new repository installs what it names, and the hooks are on', () => {
  const repository = makeRepository();
  const manifest = {
    name: 'moorings',
    private: true,
    devDependencies: { repolicy: `file:${tarball()}` },
  };
  repository.write({
    'package.json': `${JSON.stringify(manifest, null, 2)}\n`,
    '.gitignore': 'node_modules\n',
    [FIRST]: BERTHS,
    [SECOND]: BAD,
  });
  const env = {
    ...repository.env,
    HOME: process.env['HOME'],
    PATH: process.env['PATH'],
    npm_config_prefer_offline: 'true',
  };
  const run = (program: string, args: readonly string[]) =>
    spawnSync(program, args, { cwd: repository.dir, env, encoding: 'utf8' });

  const { status, stdout, stderr } = run(process.execPath, [engine(), 'init', '--yes']);
  expect(status, stderr).toBe(0);
  expect(stdout).toContain('Ran npm install.');
  expect(existsSync(join(repository.dir, 'node_modules/husky/package.json'))).toBe(true);
  expect(repository.git(['config', 'core.hooksPath'])).toBe('.husky/_');

  repository.git(['add', '--all']);
  const commit = run('git', ['commit', '-q', '-m', 'start']);
  expect({ status: commit.status, output: commit.stdout + commit.stderr }).toMatchObject(blocked);
  expect(run(process.execPath, [engine(), 'init', '--yes']).stdout).toBe(
    'Everything is set up: nothing was changed.\n',
  );
});
