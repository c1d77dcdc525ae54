import { chmodSync, existsSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test, vi } from 'vitest';
import { makeFolder, makeRepository, type RepositoryOptions, type TestRepository } from './git.ts';
import { attempt, bytesBelow, engine, installed, type AttemptOptions, type Outcome } from './installed.ts';

// What Git really does, state by state, and what the packed engine makes of it in its hooks. Each state has a number.

// Some of these run twenty commits with their hooks: on a machine with other work to do, that takes its time.
vi.setConfig({ testTimeout: 300_000 });

beforeAll(() => {
  installed();
}, 300_000);

/** The word that nobody may commit, and the paths that belong to one of two people. */
const POLICY = {
  identities: { data: { emails: ['data@example.com'] }, ops: { emails: ['ops@example.com'] } },
  rules: {
    'content/forbidden-text': ['error', { texts: [{ pattern: 'B[A]D', message: 'Says what nobody may say.' }] }],
    'ownership/foreign-feedback-file': ['error', { files: ['feedback/{identity}/**'] }],
  },
};

interface Work extends TestRepository {
  /** Runs git as a developer does, hooks and all. */
  attempt(args: readonly string[], options?: AttemptOptions): Outcome;
  repolicy(args: readonly string[], options?: AttemptOptions): Outcome;
  stage(files: Parameters<TestRepository['write']>[0]): void;
}

/** A repository with these hooks and a policy, which its first commit holds. */
function work(
  hooks: readonly string[] = ['pre-commit'],
  policy: object = POLICY,
  options: RepositoryOptions = {},
): Work {
  const repository = makeRepository(options);
  for (const hook of hooks) install(repository, hook);
  if (!options.bare) repository.commit('start', { 'repolicy.json': JSON.stringify(policy) });
  return actions(repository);
}

function install(repository: TestRepository, hook: string): void {
  repository.hook(hook, `exec "${process.execPath}" "${engine()}" hook ${hook} "$@"`);
}

const actions = (repository: TestRepository): Work => ({
  ...repository,
  attempt: (args, how) => attempt(repository, 'git', args, how),
  repolicy: (args, how) => attempt(repository, process.execPath, [engine(), ...args], how),
  stage(files) {
    repository.write(files);
    repository.git(['add', '--all']);
  },
});

const says = (words: string | RegExp): string =>
  (typeof words === 'string' ? expect.stringContaining(words) : expect.stringMatching(words)) as string;
const ZERO = '0'.repeat(40);
const TEXT = 'content/forbidden-text';
const OWNER = 'ownership/foreign-feedback-file';
const blocked = (words: string | RegExp = TEXT) => ({ status: 1, output: says(words) });
const passed = { status: 0, output: '' };
/** Git has exit codes of its own for a command that a hook has stopped half-way. */
function expectStopped({ status, output }: Outcome): void {
  expect(status, output).not.toBe(0);
  expect(output).toContain(TEXT);
}
const commit = (...more: string[]) => ['commit', '-q', '-m', 'work', ...more];

describe('what a commit holds', () => {
  test('1. a partly staged file is judged from the index, and nothing is touched', () => {
    const repository = work();
    repository.stage({ a: 'BAD\n' });
    repository.write({ a: 'good\n', untracked: 'BAD\n' });
    const before = bytesBelow(repository.dir);
    expect(repository.attempt(['hook', 'run', 'pre-commit'])).toMatchObject(blocked());
    expect(bytesBelow(repository.dir)).toEqual(before);
    repository.git(['add', 'a']);
    repository.write({ a: 'BAD again\n' });
    expect(repository.attempt(commit())).toMatchObject(passed);
    expect(readFileSync(join(repository.dir, 'a'), 'utf8')).toBe('BAD again\n');
  });

  test('2. a rename takes something away, and brings something: both paths count, however Git is told to see it', () => {
    const repository = work();
    repository.commit('theirs', { 'feedback/data/a.md': 'A report\n' });
    repository.git(['config', 'diff.renames', 'false']);
    repository.git(['mv', 'feedback/data/a.md', 'elsewhere.md']);
    expect(repository.attempt(commit('--author', 'Ops <ops@example.com>'))).toMatchObject(
      blocked('feedback/data/a.md belongs to data and is touched by ops@example.com'),
    );
    repository.git(['reset', '-q', '--hard']);
    // Moved and rewritten: a deletion beside an addition, and no way round it.
    repository.stage({ 'feedback/data/a.md': null, 'elsewhere.md': 'Something else\n' });
    expect(repository.attempt(commit('--author', 'Ops <ops@example.com>'))).toMatchObject(blocked(OWNER));
    expect(repository.attempt(commit('--author', 'Data <data@example.com>'))).toMatchObject(passed);
  });

  test('3. a deletion reaches the rules', () => {
    const repository = work();
    repository.commit('theirs', { 'feedback/data/a.md': 'A report\n' });
    repository.git(['rm', '-q', 'feedback/data/a.md']);
    expect(repository.attempt(commit('--author', 'Ops <ops@example.com>'))).toMatchObject(blocked(OWNER));
  });

  test('4. a change of mode alone is a change', () => {
    const rules = { 'change/file-mode': ['error', { plain: ['**/*.md'] }] };
    const repository = work(['pre-commit'], { rules });
    repository.commit('one', { 'a.md': 'a\n' });
    repository.executable('a.md');
    repository.git(['add', '--all']);
    expect(repository.attempt(commit())).toMatchObject(blocked('a.md must not be executable'));
  });

  test('5. a symbolic link is its target, and nothing is read through one', () => {
    const repository = work();
    repository.commit('one', { 'folder/a': 'good\n' });
    const outside = makeFolder();
    writeFileSync(join(outside, 'a'), 'BAD\n');
    repository.link('link', join(outside, 'a'));
    rmSync(join(repository.dir, 'folder'), { recursive: true });
    symlinkSync(outside, join(repository.dir, 'folder'));
    repository.git(['add', '--all']);
    expect(repository.attempt(commit())).toMatchObject(passed);
    expect(repository.git(['ls-tree', 'HEAD', 'folder', 'link'])).toMatch(/^120000 .*folder\n120000 .*link$/);
    repository.link('another', 'BAD');
    repository.git(['add', '--all']);
    expect(repository.attempt(commit())).toMatchObject(blocked());
  });

  test('6. a submodule that moves is seen although everything says to ignore it, and is not looked for here', () => {
    const repository = work();
    const at = (digit: string) => [
      'update-index',
      '--add',
      '--cacheinfo',
      `160000,${digit.repeat(40)},feedback/data/lib`,
    ];
    repository.git(at('1'));
    repository.git(['commit', '-q', '--no-verify', '-m', 'add it']);
    repository.write({
      '.gitmodules': '[submodule "lib"]\n\tpath = feedback/data/lib\n\turl = ../lib\n\tignore = all\n',
    });
    repository.git(['add', '.gitmodules']);
    repository.git(['config', 'diff.ignoreSubmodules', 'all']);
    repository.git(at('2'));
    expect(repository.attempt(commit('--author', 'Ops <ops@example.com>'))).toMatchObject(
      blocked('feedback/data/lib belongs to data'),
    );
    expect(repository.attempt(commit('--author', 'Data <data@example.com>'))).toMatchObject(passed);
  });

  test('7. what lies in Git LFS is said to be unread, and not called clean', () => {
    const repository = work();
    repository.stage({
      'big.bin': `version https://git-lfs.github.com/spec/v1\noid sha256:${'a'.repeat(64)}\nsize 12345\n`,
    });
    const { status, stdout } = repository.repolicy(['check', '--staged', '--format', 'json']);
    expect(status).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      findings: [],
      notices: [{ path: 'big.bin', message: 'big.bin was not read: its content is kept in Git LFS.' }],
    });
    expect(repository.attempt(commit())).toMatchObject({ status: 0 });
  });

  test('8. commit -a and commit <path> make an index of their own: that one is judged, and no index is changed', () => {
    const repository = work();
    repository.commit('one', { a: '1\n', b: '1\n' });
    repository.write({ a: 'BAD\n', b: '2\n' });
    expect(repository.attempt(commit('-a'))).toMatchObject(blocked());
    expect(repository.git(['diff', '--cached', '--name-only'])).toBe('');
    repository.git(['add', 'a']);
    expect(repository.attempt(commit('--', 'b'))).toMatchObject(passed);
    expect(repository.attempt(commit('--', 'a'))).toMatchObject(blocked());
    expect(repository.git(['status', '--porcelain'])).toBe('M  a');
    // Somebody's own index, elsewhere.
    const env = { GIT_INDEX_FILE: join(makeFolder(), 'index') };
    repository.git(['read-tree', 'HEAD'], { env });
    expect(repository.attempt(commit('--allow-empty'), { env })).toMatchObject(passed);
    expect(repository.attempt(commit())).toMatchObject(blocked());
  });

  test('9. an amended commit is judged whole, against the one before it', () => {
    const repository = work();
    repository.commit('bad', { a: 'BAD\n' });
    for (const how of [['--no-edit'], ['-m', 'again'], ['-m', 'again', '--date', 'now']]) {
      // A new date hides that it is an amendment: only what comes on top is judged, and the push sees the rest.
      const outcome = how.includes('--date') ? passed : blocked();
      expect(repository.attempt(['commit', '-q', '--amend', ...how])).toMatchObject(outcome);
    }
    const first = work();
    first.git(['commit', '-q', '--amend', '--no-verify', '-m', 'start', '--date', '@1767225600 +0000']);
    first.stage({ a: 'BAD\n' });
    expect(first.attempt(['commit', '-q', '--amend', '--no-edit'])).toMatchObject(blocked());
  });

  test('10. of a merge, what its makers brought: a clean one by pre-merge-commit, an octopus, a mended conflict', () => {
    const repository = work(['pre-commit', 'pre-merge-commit']);
    repository.commit('one', { a: 'a\n\n\n\nb\n' });
    const branch = (name: string, files: Parameters<TestRepository['write']>[0]) => {
      repository.git(['checkout', '-q', '-b', name, 'main']);
      repository.commit(name, files);
      repository.git(['checkout', '-q', 'main']);
    };
    branch('theirs', { 'their.txt': 'BAD\n', a: 'a, and more\n\n\n\nb\n' });
    branch('other', { 'other.txt': 'BAD\n' });
    branch('third', { 'third.txt': 'BAD\n' });
    // What a branch has was judged there.
    expect(repository.attempt(['merge', '-q', '--no-ff', '--no-edit', 'theirs'])).toMatchObject({ status: 0 });
    expect(repository.attempt(['merge', '-q', '--no-edit', 'other', 'third'])).toMatchObject({ status: 0 });
    expect(repository.git(['log', '-1', '--format=%p']).split(' ')).toHaveLength(3);
    // What the merge itself makes of two sides is nobody's but its own.
    branch('left', { a: 'BAD, or not\n\n\n\nb\n' });
    repository.commit('right', { a: 'a, and more\n\n\n\nb, and more\n' });
    expect(repository.attempt(['merge', '-q', '--no-edit', 'left'])).toMatchObject(blocked());
    repository.git(['merge', '--abort']);
    repository.attempt(['merge', '-q', '--no-commit', 'left']);
    repository.stage({ a: 'all is well\n' });
    expect(repository.attempt(['commit', '-q', '--no-edit'])).toMatchObject(passed);
    // A conflict, and something bad on the way out of it.
    branch('again', { a: 'left\n' });
    repository.commit('here', { a: 'right\n' });
    expect(repository.attempt(['merge', '-q', 'again']).status).toBe(1);
    repository.stage({ a: 'BAD\n' });
    expect(repository.attempt(['commit', '-q', '--no-edit'])).toMatchObject(blocked());
  });

  test('11. rebase, cherry-pick and revert ask prepare-commit-msg, am asks pre-applypatch, and nobody becomes the author', () => {
    const strict = { ...POLICY, rules: { ...POLICY.rules, 'change/bypassed-hook': ['error', { strict: true }] } };
    const repository = work(['pre-commit', 'prepare-commit-msg', 'pre-applypatch', 'applypatch-msg'], strict);
    repository.git(['checkout', '-q', '-b', 'side']);
    repository.write({ 'feedback/data/a.md': 'Mine\n' });
    repository.git(['add', '--all']);
    const mine = commit('--author', 'Data <data@example.com>');
    expect(repository.attempt(mine)).toMatchObject(passed);
    const good = repository.id('HEAD');
    repository.git(['-c', 'core.hooksPath=/dev/null', ...commit('--allow-empty')]);
    repository.write({ a: 'BAD\n' });
    repository.git(['add', '--all']);
    repository.git(['-c', 'core.hooksPath=/dev/null', ...mine]);
    const bad = repository.id('HEAD');
    repository.git(['checkout', '-q', 'main']);
    repository.git(['-c', 'core.hooksPath=/dev/null', ...commit('--allow-empty')]);
    // --no-verify passes pre-commit by, and not this one.
    repository.stage({ b: 'BAD\n' });
    expect(repository.attempt(commit('--no-verify'))).toMatchObject(blocked());
    repository.git(['reset', '-q', '--hard']);

    const by = { env: { GIT_COMMITTER_EMAIL: 'ops@example.com' } };
    repository.git(['config', 'user.email', 'ops@example.com']);
    expect(repository.attempt(['cherry-pick', good], by)).toMatchObject({ status: 0 });
    expectStopped(repository.attempt(['cherry-pick', bad], by));
    repository.git(['cherry-pick', '--abort']);
    repository.git(['reset', '-q', '--hard', 'HEAD^']);
    const patch = join(makeFolder(), 'patch');
    writeFileSync(patch, repository.git(['format-patch', '--stdout', `${good}^..${good}`]) + '\n');
    expect(repository.attempt(['am', '-q', patch], by)).toMatchObject(passed);
    expect(repository.git(['log', '-1', '--format=%ae %ce'])).toBe('data@example.com ops@example.com');
    writeFileSync(patch, repository.git(['format-patch', '--stdout', `${bad}^..${bad}`]) + '\n');
    expect(repository.attempt(['am', '-q', patch], by)).toMatchObject(blocked());
    repository.git(['am', '--abort']);
    repository.git(['reset', '-q', '--hard', 'HEAD^']);
    expectStopped(repository.attempt(['rebase', '-q', 'main', 'side'], by));
    repository.git(['rebase', '--abort']);
    repository.git(['checkout', '-q', '-b', 'reverting', 'main']);
    repository.git(['-c', 'core.hooksPath=/dev/null', 'cherry-pick', bad]);
    expect(repository.attempt(['revert', '--no-edit', 'HEAD'], by)).toMatchObject({ status: 0 });
    expectStopped(repository.attempt(['revert', '--no-edit', 'HEAD'], by));
  });

  test('12. the first commit of a repository, here one with SHA-256', () => {
    const repository = makeRepository({ sha256: true });
    install(repository, 'pre-commit');
    install(repository, 'pre-push');
    const { stage, attempt } = actions(repository);
    stage({ 'repolicy.json': JSON.stringify(POLICY), a: 'BAD\n' });
    expect(attempt(commit())).toMatchObject(blocked());
    stage({ a: 'good\n' });
    expect(attempt(commit())).toMatchObject(passed);
    stage({ a: 'BAD\n' });
    expect(attempt(commit())).toMatchObject(blocked());
    repository.git(commit('--no-verify'));
    const remote = join(makeFolder(), 'remote.git');
    repository.git(['init', '-q', '--bare', '--object-format=sha256', remote]);
    expect(attempt(['push', '-q', remote, 'HEAD'])).toMatchObject(blocked());
    expect(attempt(['push', '-q', remote, 'HEAD^:refs/heads/first'])).toMatchObject(passed);
  });

  test('13. a detached HEAD has no branch, and a rebase the one that it came from', () => {
    const repository = work(['pre-commit'], {
      rules: { ...POLICY.rules, 'change/branch-name': ['error', { patterns: ['team/.*'] }] },
    });
    repository.git(['checkout', '-q', '--detach']);
    repository.stage({ a: '1\n' });
    expect(repository.attempt(commit())).toMatchObject(passed);
    repository.git(['checkout', '-q', '-b', 'quick']);
    repository.stage({ a: '2\n' });
    expect(repository.attempt(commit())).toMatchObject(blocked('The branch quick does not match'));
    repository.git(commit('--no-verify'));
    // "edit" stops in the middle, where HEAD is detached.
    const env = { GIT_SEQUENCE_EDITOR: 'sed -i.old s/^pick/edit/' };
    repository.git(['rebase', '-q', '-i', 'HEAD^'], { env });
    repository.stage({ a: '3\n' });
    expect(repository.attempt(commit())).toMatchObject(blocked('The branch quick does not match'));
    repository.git(['rebase', '--abort']);
  });

  test('14. a linked work tree has an index and a branch of its own, and caches in the common folder', () => {
    const repository = work();
    const linked = join(makeFolder(), 'linked');
    repository.git(['worktree', 'add', '-q', '-b', 'topic', linked]);
    repository.stage({ a: 'BAD, in the main work tree\n' });
    writeFileSync(join(linked, 'b'), 'good\n');
    repository.git(['add', 'b'], { cwd: linked });
    expect(repository.attempt(commit(), { cwd: linked })).toMatchObject(passed);
    writeFileSync(join(linked, 'b'), 'BAD\n');
    expect(repository.attempt(commit('-a'), { cwd: linked })).toMatchObject(blocked());
    expect(existsSync(join(repository.dir, '.git/repolicy'))).toBe(true);
    expect(existsSync(join(repository.dir, '.git/worktrees/linked/repolicy'))).toBe(false);
  });

  test('15. what Git exports to a hook stays with this repository: a submodule is asked about itself', () => {
    const library = work([]);
    const repository = work(['post-commit']);
    repository.git(['-c', 'protocol.file.allow=always', 'submodule', 'add', '-q', library.dir, 'lib']);
    repository.commit('lib');
    // In a hook of the outer repository, with its GIT_INDEX_FILE and GIT_DIR, uncommitted work is judged.
    repository.hook(
      'post-commit',
      `GIT_DIR="$(git rev-parse --absolute-git-dir)" "${process.execPath}" "${engine()}" check --format compact`,
    );
    repository.stage({ a: '1\n' });
    repository.write({ 'lib/b': 'BAD, and the submodule’s own\n', c: 'BAD\n' });
    const { status, output } = repository.attempt(commit());
    expect(status).toBe(0);
    expect(output).toContain('c:1:1');
    expect(output).not.toContain('lib/b');
    expect(repository.git(['status', '--porcelain'], { cwd: join(repository.dir, 'lib') })).toBe('?? b');
  });

  test('17. names of any bytes are judged and shown without harm, and those that nobody can have are found', () => {
    const repository = work(['pre-commit'], { extends: ['recommended'], ...POLICY });
    const names = ['a\nb', '\u001b[2J', '$(touch pwned)', ' lead', '-rf', 'back\\slash', '::error::x', '\u202ecod'];
    repository.stage(Object.fromEntries(names.map((name) => [name, 'BAD\n'])));
    const invalid = Buffer.concat([Buffer.from(`${repository.dir}/caf`), Buffer.of(0xe9)]);
    writeFileSync(invalid, 'BAD\n');
    repository.git(['add', '--all']);
    const { status, output } = repository.attempt(commit());
    expect(status).toBe(1);
    expect(output.match(/content\/forbidden-text$/gm)).toHaveLength(names.length + 1);
    expect(output).toContain('change/invalid-path-name');
    expect(output).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f\u202e]|^::/m);
    expect(existsSync(join(repository.dir, 'pwned'))).toBe(false);
  });

  test('18. two names that are one on other machines are found in the resulting tree, though one was there before', () => {
    const repository = work(['pre-commit'], { extends: ['recommended'] });
    repository.commit('one', { 'docs/Readme.md': 'one\n', 'cafe\u0301.md': 'one\n' });
    const blob = repository.git(['hash-object', '-w', '--stdin'], { input: 'two\n' });
    for (const path of ['docs/README.md', 'caf\u00e9.md']) {
      repository.git(['update-index', '--add', '--cacheinfo', `100644,${blob},${path}`]);
      expect(repository.attempt(commit())).toMatchObject(blocked('are one file on macOS and Windows'));
      repository.git(['reset', '-q']);
    }
  });
});

describe('where Git keeps things', () => {
  test('16. a bare repository judges what it receives, in quarantine: pre-receive the whole push, update each ref', () => {
    const repository = work([]);
    repository.commit('bad', { a: 'BAD\n' });
    for (const hook of ['pre-receive', 'update']) {
      const server = work([hook], POLICY, { bare: true });
      const push = (...refs: string[]) => repository.attempt(['push', '-q', server.dir, ...refs]);
      expect(push('main^:refs/heads/main')).toMatchObject(passed);
      const refused = push('main', 'main^:refs/heads/topic');
      expect(refused).toMatchObject({ status: 1, output: says(TEXT) });
      // update lets the other ref in; what pre-receive refuses leaves no object behind.
      expect(server.git(['for-each-ref', '--format=%(refname)']).split('\n')).toHaveLength(hook === 'update' ? 2 : 1);
      if (hook === 'pre-receive') expect(server.attempt(['cat-file', '-e', repository.id('main')]).status).not.toBe(0);
      expect(push(':refs/heads/topic').status).toBe(0);
    }
  });

  test('19. bytes are judged as Git stores them, whatever filters, line ends and encodings make of them on disk', () => {
    const repository = work();
    const ran = join(makeFolder(), 'ran');
    repository.stage({
      '.gitattributes':
        '*.crlf text eol=crlf\n*.u16 working-tree-encoding=UTF-16LE\n*.id ident\n*.f filter=loud diff=loud\nold/** repolicy=off\n',
      'a.crlf': 'one\r\nBAD\r\n',
      'a.u16': Buffer.from('BAD\n', 'utf16le'),
      'a.id': '$Id$ BAD\n',
      'a.f': 'BAD\n',
      'old/a': 'BAD\n',
    });
    for (const setting of ['filter.loud.clean', 'filter.loud.smudge', 'diff.loud.textconv', 'diff.loud.command']) {
      repository.git(['config', setting, `touch "${ran}"; cat`]);
    }
    repository.write({ '.gitattributes': '* repolicy=off\n' });
    const { status, stdout } = repository.repolicy(['check', '--staged', '--format', 'compact']);
    expect(status).toBe(1);
    for (const place of ['a.crlf:2:1', 'a.u16:1:1', 'a.id:1:6', 'a.f:1:1']) expect(stdout).toContain(place);
    expect(stdout).not.toContain('old/a');
    expect(existsSync(ran)).toBe(false);
  });

  test('20. a commit is judged without listing the tree, however large it is', () => {
    const repository = work();
    repository.stage({ a: '1\n' });
    const trace = join(makeFolder(), 'trace');
    expect(repository.attempt(commit(), { env: { GIT_TRACE: trace } })).toMatchObject({ status: 0 });
    const commands = readFileSync(trace, 'utf8').match(/(?<=trace: built-in: git )[\w-]+/g);
    expect(commands).toContain('diff-index');
    expect(commands).toContain('cat-file');
    for (const command of ['ls-files', 'ls-tree', 'status', 'stash', 'checkout', 'add'])
      expect(commands).not.toContain(command);
  });

  test.each(['--no-sparse-index', '--sparse-index'])(
    '21. a sparse checkout (%s) has staged files that the disk lacks',
    (how) => {
      const repository = work();
      repository.commit('one', { 'in/a': '1\n', 'out/b': '1\n', 'far/c': 'BAD\n' });
      repository.git(['sparse-checkout', 'set', '--cone', how, 'in']);
      const blob = repository.git(['hash-object', '-w', '--stdin'], { input: 'BAD\n' });
      repository.git(['update-index', '--add', '--cacheinfo', `100644,${blob},out/new`]);
      expect(existsSync(join(repository.dir, 'out'))).toBe(false);
      expect(repository.attempt(commit())).toMatchObject(blocked('out/new'));
      repository.git(['reset', '-q']);
      repository.write({ 'in/a': '2\n' });
      expect(repository.attempt(commit('-a'))).toMatchObject(passed);
    },
  );

  test('22. a partial clone fetches nothing behind your back: exit 3 with the command that repairs it', () => {
    const origin = work([]);
    origin.git(['config', 'uploadpack.allowFilter', 'true']);
    origin.commit('one', { a: 'one\nBAD\n', b: '1\n' });
    origin.commit('two', { a: 'two\nBAD\n', b: '2\n' });
    const dir = join(makeFolder(), 'partial');
    origin.git(['clone', '-q', '--filter=blob:none', `file://${origin.dir}`, dir]);
    const repository = actions(makeRepository({ at: dir }));
    // What the old files held is not here: nobody is blamed for a line that may have been there before.
    const unsure = repository.repolicy(['check', '--since', 'HEAD^']);
    expect(unsure).toMatchObject({ status: 3, output: says('git fetch --refetch --no-filter origin') });
    expect(unsure.output).not.toContain(TEXT);
    expect(repository.git(['rev-list', '--objects', '--all', '--missing=print'])).toContain('?');
    // A commit needs only what the checkout has.
    install(repository, 'pre-commit');
    repository.stage({ b: '3\n' });
    expect(repository.attempt(commit())).toMatchObject(passed);
    repository.git(['fetch', '-q', '--refetch', '--no-filter', 'origin']);
    expect(repository.repolicy(['check', '--since', 'HEAD^^'])).toMatchObject({ status: 0 });
  });

  test('23. a shallow clone never guesses where branches parted: exit 3 with the command that repairs it', () => {
    const origin = work([]);
    origin.git(['checkout', '-q', '-b', 'topic']);
    origin.commit('topic', { a: '1\n' });
    origin.git(['checkout', '-q', 'main']);
    origin.commit('main', { b: 'BAD\n' });
    const dir = join(makeFolder(), 'shallow');
    origin.git(['clone', '-q', '--depth=1', '--no-single-branch', '-b', 'topic', `file://${origin.dir}`, dir]);
    const repository = actions(makeRepository({ at: dir }));
    expect(repository.repolicy(['check', '--since', 'origin/main'])).toMatchObject({
      status: 3,
      output: says('git fetch --unshallow'),
    });
    // What is pushed on top of it needs no more than it has.
    install(repository, 'pre-push');
    repository.commit('on top', { c: 'BAD\n' });
    expect(repository.attempt(['push', '-q', 'origin', 'HEAD:refs/heads/mine'])).toMatchObject(blocked('c'));
    repository.git(['fetch', '-q', '--unshallow']);
    expect(repository.repolicy(['check', '--since', 'origin/main'])).toMatchObject(blocked('c'));
  });

  test('27. packages in folders of their own: from wherever Git is called, the nearest policy counts too', () => {
    const repository = work();
    const inner = {
      rules: { 'content/forbidden-text': ['error', { texts: [{ pattern: 'WOR[S]E', message: 'Not here.' }] }] },
    };
    repository.commit('package', { 'packages/a/repolicy.json': JSON.stringify(inner) });
    repository.stage({ 'packages/a/x': 'WORSE\n', 'packages/b/x': 'WORSE\n' });
    const cwd = join(repository.dir, 'packages/a');
    const { status, output } = repository.attempt(commit(), { cwd });
    expect(status).toBe(1);
    expect(output).toContain('packages/a/x');
    expect(output).not.toContain('packages/b/x');
    repository.stage({ 'packages/a/x': 'BAD\n' });
    expect(repository.attempt(commit(), { cwd })).toMatchObject(blocked());
  });

  test('28. hooks are plain POSIX scripts that every system’s Git can run, Windows’ own included', () => {
    const repository = actions(makeRepository());
    repository.write({ 'go.mod': '' });
    expect(repository.repolicy(['init', '--yes', '--no-install']).status).toBe(0);
    repository.git(['add', '--all']);
    const listed = repository.git(['ls-files', '-s', '.githooks']).split('\n');
    expect(listed.length).toBeGreaterThan(3);
    for (const line of listed) {
      expect(line).toMatch(/^100(755|644) /);
      const path = line.split('\t')[1]!;
      const text = readFileSync(join(repository.dir, path), 'utf8');
      expect(text).not.toContain('\r');
      expect(attempt(repository, 'sh', ['-n', path]).output).toBe('');
      expect(repository.git(['check-attr', 'eol', '--', path])).toMatch(/eol: lf$/);
    }
  });

  test('29. a desktop program without a terminal’s PATH finds the Node that was used before', () => {
    const repository = actions(makeRepository());
    repository.write({ 'go.mod': '' });
    repository.repolicy(['init', '--yes', '--no-install']);
    repository.write({ 'repolicy.jsonc': JSON.stringify(POLICY) });
    repository.stage({ a: '1\n' });
    expect(repository.attempt(commit())).toMatchObject(passed);
    repository.stage({ a: 'BAD\n' });
    const tools = makeFolder();
    for (const tool of ['git', 'sh', 'cat', 'dirname', 'env'])
      symlinkSync(attempt(repository, 'which', [tool]).stdout.trim(), join(tools, tool));
    const env = { PATH: tools, HOME: makeFolder() };
    expect(repository.attempt(commit(), { env })).toMatchObject(blocked());
    rmSync(join(repository.dir, '.git/repolicy/engine'));
    expect(repository.attempt(commit(), { env })).toMatchObject({
      status: 1,
      output: says('Nothing was judged: repolicy is not installed here.'),
    });
  });

  test('31. index.lock is never taken, and nobody’s is waited for', () => {
    const repository = work();
    repository.stage({ a: 'BAD\n' });
    const lock = join(repository.dir, '.git/index.lock');
    writeFileSync(lock, 'somebody is writing');
    expect(repository.repolicy(['check', '--staged'])).toMatchObject(blocked());
    expect(repository.repolicy(['check'])).toMatchObject(blocked());
    expect(readFileSync(lock, 'utf8')).toBe('somebody is writing');
  });

  test('34. replaced objects and grafts show a history that nobody else sees: the real one is judged', () => {
    const repository = work(['pre-push']);
    const remote = join(makeFolder(), 'remote.git');
    repository.git(['clone', '-q', '--bare', repository.dir, remote]);
    const bad = repository.commit('bad', { a: 'BAD\n' });
    const good = repository.commit('good', { a: 'good\n' });
    const better = repository.git(['commit-tree', '-m', 'bad', '-p', 'HEAD~2', `${good}^{tree}`]);
    repository.git(['replace', bad, better]);
    repository.git([
      'replace',
      repository.git(['rev-parse', `${bad}:a`], { env: { GIT_NO_REPLACE_OBJECTS: '1' } }),
      `${good}:a`,
    ]);
    expect(repository.attempt(['push', '-q', remote, `${bad}:refs/heads/main`])).toMatchObject(blocked());
    writeFileSync(join(repository.dir, '.git/info/grafts'), `${bad}\n`);
    expect(repository.repolicy(['check', '--since', 'HEAD~2'])).toMatchObject({ status: 0 });
    expect(repository.attempt(['push', '-q', '--force', remote, `${bad}:refs/heads/main`])).toMatchObject(blocked());
  });

  test('35. hostile configuration changes nothing that is judged, and starts no program', () => {
    const repository = work(['pre-commit', 'pre-push', 'commit-msg'], {
      rules: { ...POLICY.rules, 'change/commit-message': 'error' },
    });
    const ran = join(makeFolder(), 'ran');
    const program = join(makeFolder(), 'program');
    writeFileSync(program, `#!/bin/sh\necho "$0 $*" >> "${ran}"\ncat\n`);
    chmodSync(program, 0o755);
    const programs = [
      'diff.external',
      'core.fsmonitor',
      'core.pager',
      'pager.diff',
      'pager.log',
      'gpg.program',
      'interactive.diffFilter',
      'credential.helper',
    ];
    const settings = [
      'diff.noprefix=true',
      'diff.relative=true',
      'diff.renames=copies',
      'diff.ignoreSubmodules=all',
      'color.ui=always',
      'core.quotePath=true',
    ];
    const more = [
      'log.showSignature=true',
      'core.abbrev=4',
      'diff.orderFile=/dev/null',
      'format.pretty=oneline',
      'log.follow=true',
      'core.warnAmbiguousRefs=true',
    ];
    const config = [
      ...programs.map((name) => `${name}=${program}`),
      ...settings,
      ...more,
      'alias.diff-index=!false',
      'alias.cat-file=!false',
    ];
    for (const setting of config)
      repository.git(['config', setting.slice(0, setting.indexOf('=')), setting.slice(setting.indexOf('=') + 1)]);
    const env = {
      GIT_EXTERNAL_DIFF: program,
      GIT_PAGER: program,
      GIT_ICASE_PATHSPECS: '1',
      GIT_DIFF_OPTS: '-u9',
      GIT_CEILING_DIRECTORIES: '/',
    };
    repository.stage({ 'ü/a': 'BAD\n' });
    rmSync(ran, { force: true });
    expect(repository.attempt(['hook', 'run', 'pre-commit'], { env })).toMatchObject(blocked('ü/a'));
    expect(repository.repolicy(['check', '--staged'], { env })).toMatchObject(blocked('ü/a'));
    // The engine's own reads start nothing. (Git itself asks core.fsmonitor when it refreshes an index.)
    expect(existsSync(ran) ? readFileSync(ran, 'utf8') : '').toBe('');
  });

  test('36. a repository of somebody else is refused with the command that trusts it, and not called empty', () => {
    const repository = work();
    repository.stage({ a: 'BAD\n' });
    const env = { GIT_TEST_ASSUME_DIFFERENT_OWNER: '1' };
    for (const args of [['hook', 'pre-commit'], ['audit']]) {
      expect(repository.repolicy(args, { env })).toMatchObject({
        status: 3,
        output: says('git config --global --add safe.directory'),
      });
    }
  });

  test('37. an index with conflicts is not judged: exit 3', () => {
    const repository = work();
    repository.commit('one', { a: '1\n' });
    repository.git(['checkout', '-q', '-b', 'side']);
    repository.commit('two', { a: '2\n' });
    repository.git(['checkout', '-q', 'main']);
    repository.commit('three', { a: '3\n' });
    expect(repository.attempt(['merge', '-q', 'side']).status).toBe(1);
    expect(repository.repolicy(['check', '--staged'])).toMatchObject({
      status: 3,
      output: says('The index still has conflicts: a.'),
    });
  });
});

describe('what a message says', () => {
  const MESSAGES = { rules: { 'change/commit-message': 'error' } };

  test('24. a message is judged as Git will store it', () => {
    const repository = work(['commit-msg'], MESSAGES);
    const empty = (...args: string[]) => repository.attempt(['commit', '-q', '--allow-empty', ...args]);
    expect(empty('-m', '# feat: no comment where no editor was')).toMatchObject({
      status: 1,
      output: says('change/commit-message'),
    });
    const editor = join(makeFolder(), 'editor');
    writeFileSync(editor, `#!/bin/sh\nprintf '%b' "$TYPED" | cat - "$1" > "$1.new" && mv "$1.new" "$1"\n`);
    chmodSync(editor, 0o755);
    const edited = (text: string, ...args: string[]) =>
      repository.attempt(['commit', '-q', '--allow-empty', ...args], { env: { GIT_EDITOR: editor, TYPED: text } });
    expect(edited('# a note to myself\\nfeat: an editor was open\\n')).toMatchObject({ status: 0 });
    expect(edited('feat: with a diff below\\n', '-v')).toMatchObject({ status: 0 });
    expect(edited('feat: scissors\\n', '--cleanup=scissors')).toMatchObject({ status: 0 });
    repository.git(['config', 'core.commentChar', ';']);
    expect(edited('; a note\\nfeat: another sign\\n')).toMatchObject({ status: 0 });
    expect(edited('Updated stuff\\n')).toMatchObject({
      status: 1,
      output: says('The subject "Updated stuff" does not read'),
    });
    expect(empty('-m', 'fixup! feat: another sign')).toMatchObject(passed);
    expect(repository.git(['log', '-1', '--format=%s'])).toBe('fixup! feat: another sign');
  });

  test('32. signatures are none of our business', () => {
    const repository = work(['pre-push'], MESSAGES);
    const remote = join(makeFolder(), 'remote.git');
    repository.git(['clone', '-q', '--bare', repository.dir, remote]);
    repository.git(['config', 'log.showSignature', 'true']);
    const ran = join(makeFolder(), 'ran');
    repository.git(['config', 'gpg.program', `touch ${ran};`]);
    const [head, body] = repository.git(['cat-file', 'commit', 'HEAD']).split('\n\n') as [string, string];
    const signature =
      'gpgsig -----BEGIN PGP SIGNATURE-----\n \n subject: not this line\n author Nobody <x@example.com> 1 +0000\n -----END PGP SIGNATURE-----';
    const signed = repository.git(['hash-object', '-t', 'commit', '-w', '--stdin'], {
      input: `${head.replace(/^(tree .*)$/m, `$1\nparent ${repository.id('HEAD')}`)}\n${signature}\n\n${body.replace('start', 'feat: signed')}\n`,
    });
    expect(repository.attempt(['push', '-q', remote, `${signed}:refs/heads/main`])).toMatchObject(passed);
    expect(existsSync(ran)).toBe(false);
  });

  test('38. names and messages cannot give orders to a terminal or to a workflow', () => {
    const repository = work([], { rules: { ...POLICY.rules, 'change/commit-message': 'error' } });
    const base = repository.id('HEAD');
    repository.commit('::error file=x::pwned\u001b[2J\r::warning::%0Apwned <script>alert(1)</script> | `x`', {
      'a\n::error::b\u001b]0;t\u0007.txt': 'BAD\n',
    });
    const event = join(makeFolder(), 'event.json');
    writeFileSync(
      event,
      JSON.stringify({ before: base, after: repository.id('HEAD'), repository: { default_branch: 'main' } }),
    );
    const summary = join(makeFolder(), 'summary.md');
    const env = {
      GITHUB_ACTIONS: 'true',
      GITHUB_EVENT_NAME: 'push',
      GITHUB_REF: 'refs/heads/main',
      GITHUB_EVENT_PATH: event,
      GITHUB_STEP_SUMMARY: summary,
    };
    const { status, stdout, output } = repository.repolicy(['ci'], { env });
    expect(status).toBe(1);
    expect(output).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f]/);
    // Every command is one of our own: it names a rule.
    for (const line of stdout.match(/^::.*$/gm) ?? [])
      expect(line).toMatch(/^::(error|notice|group|endgroup)\b.*(forbidden-text|commit-message|repolicy|::)/);
    expect(stdout).not.toMatch(/^::(error|warning)::pwned/m);
    expect(readFileSync(summary, 'utf8')).not.toContain('<script>');
  });
});

describe('what leaves a machine, and what arrives', () => {
  const github = (name: string, event: object, more: NodeJS.ProcessEnv = {}): NodeJS.ProcessEnv => {
    const file = join(makeFolder(), 'event.json');
    writeFileSync(file, JSON.stringify(event));
    return { CI: 'true', GITHUB_ACTIONS: 'true', GITHUB_EVENT_NAME: name, GITHUB_EVENT_PATH: file, ...more };
  };

  test('25. a pull request from a fork: its own policy judges it, and base’s says what that loosens', () => {
    const repository = work([], { ...POLICY, rules: { ...POLICY.rules, 'policy/loosened': 'error' } });
    const base = repository.id('HEAD');
    repository.git(['checkout', '-q', '-b', 'patch-1']);
    const head = repository.commit('let me in', { 'repolicy.json': '{ "rules": {} }', a: 'BAD\n' });
    const pull = {
      title: 'Fix',
      body: '',
      base: { ref: 'main', sha: base },
      head: { ref: 'patch-1', sha: head, repo: { fork: true } },
    };
    const { status, output } = repository.repolicy(['ci'], { env: github('pull_request', { pull_request: pull }) });
    expect(status).toBe(1);
    expect(output).toContain('policy/loosened');
    expect(output).not.toContain('Says what nobody may say.');
    // A team that takes pull requests from strangers has base judge.
    repository.git(['checkout', '-q', 'main']);
    const strict = repository.commit('strict', { 'repolicy.json': JSON.stringify({ ...POLICY, judge: 'base' }) });
    repository.git(['checkout', '-q', '-b', 'patch-2']);
    const other = repository.commit('let me in', { 'repolicy.json': '{ "rules": {} }', a: 'BAD\n' });
    const again = { ...pull, base: { ref: 'main', sha: strict }, head: { ref: 'patch-2', sha: other } };
    expect(repository.repolicy(['ci'], { env: github('pull_request', { pull_request: again }) })).toMatchObject(
      blocked(),
    );
  });

  test('26. a merge queue has no pull request, and is judged from its base to its head', () => {
    const repository = work([]);
    const base = repository.id('HEAD');
    repository.git(['checkout', '-q', '-b', 'gh-readonly-queue/main/pr-7-abc']);
    const good = repository.commit('one', { a: '1\n' });
    const queue = (head: string) => ({
      merge_group: { base_sha: base, head_sha: head, head_ref: 'refs/heads/gh-readonly-queue/main/pr-7-abc' },
    });
    expect(repository.repolicy(['ci'], { env: github('merge_group', queue(good)) })).toMatchObject({ status: 0 });
    const bad = repository.commit('two', { b: 'BAD\n' });
    expect(repository.repolicy(['ci'], { env: github('merge_group', queue(bad)) })).toMatchObject(blocked());
  });

  test('30. what passed the hooks by is met on its way out, and shows in CI where the policy asks for stamps', () => {
    const stamped = { rules: { ...POLICY.rules, 'change/bypassed-hook': 'error' } };
    const repository = work(['pre-commit', 'prepare-commit-msg', 'commit-msg', 'pre-push'], { rules: {} });
    const base = repository.commit('stamps from here on', { 'repolicy.json': JSON.stringify(stamped) });
    repository.stage({ a: '1\n' });
    expect(repository.attempt(commit())).toMatchObject(passed);
    expect(repository.git(['log', '-1', '--format=%B']).trimEnd()).toMatch(
      new RegExp(`^work\n\nRepolicy-Verdict: clean [0-9a-f]{12}, tree ${repository.id('HEAD^{tree}').slice(0, 12)}$`),
    );
    // An editor that is closed on nothing still makes no commit.
    const nothing = repository.attempt(['commit', '--allow-empty'], { env: { GIT_EDITOR: 'true' } });
    expect(nothing).toMatchObject({ status: 1, output: says('Aborting commit due to empty commit message.') });
    const editor = { GIT_EDITOR: `printf 'written by hand\\n' >` };
    expect(repository.attempt(['commit', '-q', '--allow-empty', '-v'], { env: editor })).toMatchObject({ status: 0 });
    const since = () => repository.repolicy(['check', '--since', base]);
    expect(since()).toMatchObject({ status: 0 });

    repository.stage({ a: 'BAD\n' });
    const passedBy = repository.attempt(commit('--no-verify'));
    expect(passedBy).toMatchObject({ status: 0, output: says('A hook would have stopped what this commit holds.') });
    expect(repository.git(['log', '-1', '--format=%B'])).toContain('Repolicy-Verdict: findings');
    const remote = join(makeFolder(), 'remote.git');
    repository.git(['clone', '-q', '--bare', repository.dir, remote]);
    repository.git(['update-ref', 'refs/heads/main', base], { cwd: remote });
    expect(repository.attempt(['push', '-q', remote, 'main'])).toMatchObject(blocked());
    repository.git(['reset', '-q', '--hard', 'HEAD^']);

    // Hooks that are switched off altogether leave no trace, and that is one.
    repository.write({ b: '1\n' });
    repository.git(['add', '--all']);
    repository.git(['-c', 'core.hooksPath=/dev/null', ...commit()]);
    expect(since()).toMatchObject(blocked(/carries no Repolicy-Verdict: no hook\s+has judged it/));
    repository.git(['rebase', '-q', '--force-rebase', base]);
    expect(since()).toMatchObject({ status: 0 });
    // A stamp does not cover what was changed under it.
    repository.write({ b: '2\n' });
    repository.git(['-c', 'core.hooksPath=/dev/null', 'commit', '-q', '-a', '--amend', '--no-edit']);
    expect(since()).toMatchObject(blocked('of other content'));
  });

  test('33. a push is judged ref by ref: new, forced, not checked out, tags, deletions, and standard input read to its end', () => {
    const repository = work(['pre-push']);
    const remote = join(makeFolder(), 'remote.git');
    repository.git(['clone', '-q', '--bare', repository.dir, remote]);
    repository.git(['remote', 'add', 'origin', remote]);
    const push = (...args: string[]) => repository.attempt(['push', '-q', ...args]);
    const start = repository.id('HEAD');
    repository.git(['checkout', '-q', '-b', 'elsewhere']);
    repository.commit('bad', { a: 'BAD\n' });
    repository.git(['tag', '-a', '-m', 'one', 'v1']);
    repository.git(['tag', 'blob', 'HEAD:repolicy.json']);
    repository.git(['checkout', '-q', 'main']);
    repository.commit('good', { b: '1\n' });
    expect(push('origin', 'elsewhere')).toMatchObject(blocked());
    expect(push('origin', 'v1')).toMatchObject(blocked());
    expect(push('origin', 'blob')).toMatchObject(passed);
    expect(push('origin', 'main', 'elsewhere')).toMatchObject(blocked());
    expect(push('origin', 'main', 'main:refs/heads/topic')).toMatchObject(passed);
    expect(push('origin', ':topic')).toMatchObject(passed);
    expect(push('origin', 'main')).toMatchObject(passed);
    // Taken out again in the next commit: the first one still leaves the machine, and head is what is judged.
    repository.git(['reset', '-q', '--hard', start]);
    repository.commit('rewritten', { c: 'BAD\n' });
    expect(push('--force', 'origin', 'main')).toMatchObject(blocked('c'));
    // More than a pipe holds, and nothing in it to judge.
    const gone = Array.from({ length: 1000 }, (_, index) => `(delete) ${ZERO} refs/heads/b${index} ${start}\n`).join(
      '',
    );
    expect(repository.repolicy(['hook', 'pre-push', 'origin', remote], { input: gone })).toMatchObject(passed);
  });

  test('after a merge or a rebase that asked nobody, what would have stopped it is said, and nothing is stopped', () => {
    const repository = work(['post-merge', 'post-rewrite', 'post-checkout']);
    repository.git(['checkout', '-q', '-b', 'side']);
    repository.commit('side', {
      a: 'one\n\n\n\ntwo\n',
      'repolicy.json': JSON.stringify({ ...POLICY, identities: {} }),
    });
    repository.git(['checkout', '-q', 'main']);
    expect(repository.attempt(['checkout', '-q', 'side'])).toMatchObject({
      status: 0,
      output: says('repolicy.json is not what it was before'),
    });
    repository.git(['checkout', '-q', 'main']);
    repository.git(['merge', '-q', '--ff-only', 'side']);
    repository.git(['checkout', '-q', 'side']);
    repository.commit('theirs', { a: 'BAD\n\n\n\ntwo\n' });
    repository.git(['checkout', '-q', 'main']);
    repository.commit('ours', { a: 'one\n\n\n\ntwo and three\n' });
    const merged = repository.attempt(['merge', '-q', '--no-edit', 'side']);
    expect(merged).toMatchObject({ status: 0, output: says('This merge is made, and no hook could stop this:') });
    repository.git(['reset', '-q', '--hard', 'HEAD^']);
    expect(repository.attempt(['rebase', '-q', 'main', 'side'])).toMatchObject({
      status: 0,
      output: says('This rebase is done, and no hook could stop this:'),
    });
  });

  test('what merging would make is judged before anybody merges, and nothing is written', () => {
    const repository = work([], { extends: ['recommended'] });
    const folder = 'supabase/migrations/';
    repository.git(['checkout', '-q', '-b', 'side']);
    repository.commit('feat: side', { [`${folder}20260914090000_a.sql`]: 'create table if not exists a (id int);\n' });
    repository.git(['checkout', '-q', 'main']);
    repository.commit('feat: main', { [`${folder}20260914090000_b.sql`]: 'create table if not exists b (id int);\n' });
    repository.git(['checkout', '-q', 'side']);
    const before = bytesBelow(repository.dir);
    expect(repository.repolicy(['check', '--since', 'main', '--rule', 'migrations/duplicate-version'])).toMatchObject({
      status: 0,
    });
    const merge = ['--merge-into', 'main'];
    expect(repository.repolicy(['check', ...merge])).toMatchObject(blocked('migrations/duplicate-version'));
    const env = github(
      'push',
      { before: repository.id('HEAD^'), repository: { default_branch: 'main' } },
      { GITHUB_REF: 'refs/heads/side' },
    );
    expect(repository.repolicy(['ci', ...merge], { env })).toMatchObject(blocked('migrations/duplicate-version'));
    expect(bytesBelow(repository.dir)).toEqual(before);
    repository.commit('feat: more', { [`${folder}20260914090000_b.sql`]: 'create table if not exists c (id int);\n' });
    const conflict = repository.repolicy(['check', ...merge]);
    expect(conflict).toMatchObject({
      status: 3,
      output: says('HEAD does not merge into main by itself: both changed'),
    });
  });
});
