import { spawnSync } from 'node:child_process';
import { chmodSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { sample } from '../src/core/sample.ts';
import { sampleWithCrc32 } from '../src/facts/credentials/formats/github.ts';
import { samplePem } from '../src/facts/credentials/formats/keys.ts';
import { makeRepository, type TestRepository } from './git.ts';

// The traps that other tools fall into, on real Git. All secrets are made here, at run time.

const BIN = join(process.cwd(), 'dist/bin.cjs');
const token = (seed: number): string => sampleWithCrc32('ghp_', 30, 1000 + seed);

interface Found {
  readonly rule: string;
  readonly path: string | null;
  readonly commit: string | null;
  readonly line: number | null;
  readonly message: string;
  readonly status: string;
  readonly severity: string;
}

interface Outcome {
  readonly status: number | null;
  readonly findings: readonly Found[];
  readonly notices: readonly { readonly kind: string; readonly message: string }[];
  readonly change: { readonly commits: number; readonly files: number };
  readonly stderr: string;
  readonly text: string;
}

function audit({ dir, env }: Pick<TestRepository, 'dir' | 'env'>, ...flags: string[]): Outcome {
  const args = [BIN, 'audit', '--rule', 'secrets/*', '--preset', 'recommended', '--format', 'json', ...flags];
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd: dir, env, encoding: 'utf8' });
  const { findings, notices, change } = JSON.parse(stdout || '{}') as Outcome;
  return { status, findings, notices, change, stderr, text: stdout + stderr };
}

const history = (repository: Pick<TestRepository, 'dir' | 'env'>, ...flags: string[]) =>
  audit(repository, '--history', ...flags);
const places = ({ findings }: Outcome) =>
  findings.map(({ path, commit }) => `${path ?? '-'} ${commit?.slice(0, 7) ?? '-'}`).sort();

describe('a history', () => {
  test('is searched wherever a ref, a reflog or a stash leads, and a finding names who brought it', () => {
    const repository = makeRepository();
    const { git, write, commit, dir } = repository;
    const at: Record<string, string> = {};
    const short = (name: string) => at[name]!.slice(0, 7);
    commit('feat: begin', { 'a.txt': 'a\n', '.gitattributes': '*.hidden -diff\n*.bin binary\n' });

    // Added in one commit, taken out in the next.
    at['gone'] = commit('feat: add', { 'src/gone.ts': `const a = "${token(1)}";\n` });
    commit('fix: remove', { 'src/gone.ts': 'const a = process.env.A;\n' });
    // Files that diffs do not show, and files that are no text.
    at['hidden'] = commit('feat: hidden', {
      'x.hidden': `a ${token(2)}\n`,
      'x.bin': Buffer.from(`\0\x01\x02 ${token(3)} \0`, 'latin1'),
      'wide.txt': Buffer.from(`\ufeffkey = "${token(4)}"\n`, 'utf16le'),
      'latin1.txt': Buffer.from(`clé = "${token(5)}"\n`, 'latin1'),
      'package-lock.json': `{ "resolved": "https://x:${token(6)}@npm.acme.io/a.tgz" }\n`,
      'node_modules/a/index.js': `auth("${token(7)}")\n`,
    });
    git(['rm', '-q', '-r', 'x.hidden', 'x.bin', 'wide.txt', 'latin1.txt', 'package-lock.json', 'node_modules']);
    commit('fix: remove them');
    // What only a merge brought.
    git(['switch', '-q', '-c', 'side']);
    commit('feat: side', { 'side.txt': 'side\n' });
    git(['switch', '-q', 'main']);
    commit('feat: main', { 'main.txt': 'main\n' });
    git(['merge', '-q', '--no-commit', '--no-ff', 'side']);
    at['merge'] = commit('chore: merge side', { 'evil.txt': `${token(8)}\n` });
    commit('fix: after merge', { 'evil.txt': null });
    // Messages, tags, notes.
    at['said'] = commit(`fix: use ${token(9)}`);
    git(['tag', '-a', 'v1', '-m', `release with ${token(10)}`]);
    git(['notes', 'add', '-m', `note ${token(11)}`]);
    at['note'] = repository.id('refs/notes/commits');
    // A private key whose body is changed in place.
    const pem = (seed: number) =>
      `${'-'.repeat(5)}BEGIN RSA PRIVATE KEY${'-'.repeat(5)}\nMII${sample(61, seed)}\n${sample(64, 7)}\n${sample(64, 8)}\n${'-'.repeat(5)}END RSA PRIVATE KEY${'-'.repeat(5)}\n`;
    at['pem'] = commit('feat: key', { 'k.pem': pem(1) });
    at['pem2'] = commit('feat: another key', { 'k.pem': pem(2) });
    commit('fix: no key', { 'k.pem': null });
    // Both halves of a stash, and what a branch that is gone and a commit that was amended have left in the reflog.
    write({ 'a.txt': `staged ${token(12)}\n` });
    git(['add', 'a.txt']);
    write({ 'a.txt': `unstaged ${token(13)}\n` });
    git(['stash', '-q']);
    at['amended'] = commit('feat: oops', { 'oops.txt': `${token(14)}\n` });
    write({ 'oops.txt': 'nothing\n' });
    git(['commit', '-q', '-a', '--amend', '-m', 'feat: fine']);
    // A blob that a ref stands for, as Git's own repository has one.
    const blob = git(['hash-object', '-w', '--stdin'], { input: `pub ${token(15)}\n` });
    git(['update-ref', 'refs/tags/key', blob]);
    // What nothing leads to.
    git(['hash-object', '-w', '--stdin'], { input: `dangling ${token(16)}\n` });
    // Configuration that makes others count no commits at all.
    for (const setting of [
      'color.ui=always',
      'log.showSignature=true',
      'log.follow=true',
      'diff.noprefix=true',
      'core.quotePath=true',
      'log.showRoot=false',
    ])
      git(['config', ...setting.split('=')]);

    const found = history(repository);
    expect(found.notices).toEqual([]);
    expect(found.status).toBe(1);
    const stash = repository.id('refs/stash').slice(0, 7);
    const index = repository.id('refs/stash^2').slice(0, 7);
    expect(places(found)).toEqual(
      [
        `src/gone.ts ${short('gone')}`,
        ...['x.hidden', 'x.bin', 'wide.txt', 'latin1.txt', 'package-lock.json', 'node_modules/a/index.js'].map(
          (path) => `${path} ${short('hidden')}`,
        ),
        `evil.txt ${short('merge')}`,
        `- ${short('said')}`,
        '- -',
        '- -',
        `${found.findings.find(({ commit: by }) => by === at['note'])?.path} ${short('note')}`,
        `k.pem ${short('pem')}`,
        `k.pem ${short('pem2')}`,
        `a.txt ${stash}`,
        `a.txt ${index}`,
        `oops.txt ${short('amended')}`,
      ].sort(),
    );
    expect(found.findings.map(({ message }) => message).join('\n')).toMatch(/The message of the tag v1 holds a GitHub/);
    expect(found.findings.map(({ message }) => message).join('\n')).toMatch(
      /The object that key stands for holds a GitHub/,
    );
    const gone = found.findings.find(({ path }) => path === 'src/gone.ts');
    expect(gone).toMatchObject({
      line: 1,
      column: 12,
      message: expect.stringMatching(/brought by Ada <ada@example\.com> on 2026-01-01/),
    });
    for (let seed = 1; seed <= 16; seed++) expect(found.text).not.toContain(token(seed).slice(4));

    // Dangling objects are read on request.
    const more = history(repository, '--unreachable');
    expect(more.findings).toHaveLength(found.findings.length + 1);
    expect(more.findings.map(({ message }) => message).join('\n')).toMatch(
      /The unreachable object [0-9a-f]{12} holds a GitHub/,
    );

    // A second run reads only what is new, and keeps no secret.
    commit('feat: later', { 'later.txt': `${token(17)}\n` });
    commit('fix: later', { 'later.txt': null });
    const second = history(repository);
    expect(second.findings).toHaveLength(found.findings.length + 1);
    expect(second.change.commits).toBe(found.change.commits + 2);
    const kept = readdirSync(join(dir, '.git/repolicy/past')).map((name) =>
      readFileSync(join(dir, '.git/repolicy/past', name), 'latin1'),
    );
    for (let seed = 1; seed <= 17; seed++) expect(kept.join()).not.toContain(token(seed).slice(4, 30));
  }, 120_000);

  test('what nothing leads to any more is forgotten, and another commit is named that brought it too', () => {
    const repository = makeRepository();
    const { git, commit } = repository;
    commit('feat: begin', { 'a.txt': 'a\n' });
    git(['switch', '-q', '-c', 'side']);
    const first = commit('feat: on the side', { 'a.txt': `${token(20)}\n` });
    git(['switch', '-q', 'main']);
    commit('feat: other', { 'b.txt': 'b\n' });
    const second = commit('feat: again', { 'a.txt': `${token(20)}\n` });
    commit('fix: remove', { 'a.txt': 'a\n' });
    expect(places(history(repository))).toEqual([`a.txt ${first.slice(0, 7)}`]);
    git(['branch', '-q', '-D', 'side']);
    git(['reflog', 'expire', '--expire=all', '--all']);
    expect(places(history(repository))).toEqual([`a.txt ${second.slice(0, 7)}`]);
  });

  test('allows, the policy and the baseline count there as they do in the tree', () => {
    const repository = makeRepository();
    const { commit, write } = repository;
    commit('feat: begin', { 'a.txt': 'a\n' });
    commit('feat: add', {
      'a.ts': `const a = "${token(30)}"; // gitleaks:allow\n`,
      'b.ts': `"${token(31)}"\n`,
      'test/c.ts': `"${token(32)}"\n`,
    });
    commit('fix: remove', { 'a.ts': null, 'b.ts': null, 'test/c.ts': null });
    const fingerprint = (
      path: string,
      { findings }: { findings: readonly { path: string | null; fingerprint?: string }[] },
    ) => findings.find((finding) => finding.path === path)?.fingerprint;
    const before = history(repository);
    expect(before.findings.map(({ path, status }) => `${path} ${status}`)).toEqual([
      'a.ts allowed',
      'b.ts reported',
      'test/c.ts reported',
    ]);
    const accepted = [
      { rule: 'secrets/github-token', path: 'b.ts', fingerprint: fingerprint('b.ts', before), count: 1 },
    ];
    write({
      'repolicy-baseline.json': JSON.stringify({ version: 1, findings: accepted }),
      'repolicy.jsonc':
        '{ "extends": "recommended", "allow": [{ "rules": ["secrets/*"], "files": ["test/**"], "reason": "made up" }] }',
    });
    const args = [BIN, 'audit', '--history', '--rule', 'secrets/*', '--format', 'json'];
    const { stdout, status } = spawnSync(process.execPath, args, {
      cwd: repository.dir,
      env: repository.env,
      encoding: 'utf8',
    });
    expect((JSON.parse(stdout) as Outcome).findings.map(({ path, status: one }) => `${path} ${one}`)).toEqual([
      'a.ts allowed',
      'b.ts baselined',
      'test/c.ts allowed',
    ]);
    expect(status).toBe(0);
  });
});

describe('what cannot be searched is said', () => {
  const said = ({ notices }: Outcome) => notices.map(({ message }) => message);

  test('a repository without a commit is never called clean', () => {
    const { dir, env } = makeRepository();
    const args = [BIN, 'audit', '--history', '--rule', 'secrets/*', '--preset', 'recommended'];
    expect(spawnSync(process.execPath, args, { cwd: dir, env, encoding: 'utf8' }).stdout).toContain(
      'Nothing was judged',
    );
  });

  test('large files and Git LFS; a shallow clone and a corrupt object leave the verdict open', () => {
    const repository = makeRepository();
    const { dir, git, commit } = repository;
    const pointer = `version https://git-lfs.github.com/spec/v1\noid sha256:${'ab'.repeat(32)}\nsize 5\n`;
    const large = Buffer.alloc(21 * 1024 * 1024, 'ab\n');
    commit('feat: begin', { 'a.txt': 'a\n', 'large.txt': large, 'model.bin': pointer });
    commit('feat: more', { 'a.txt': 'b\n', 'large.txt': null, 'model.bin': null, 'b.txt': `${token(40)}\n` });
    commit('fix: less', { 'b.txt': null });
    const whole = history(repository, '--no-cache');
    expect(said(whole)).toEqual([
      '1 versions of files were not read: their content is kept in Git LFS.',
      'large.txt was not read: it is larger than 20 MiB.',
    ]);

    const clone = join(dir, 'clone');
    git(['clone', '-q', '--depth', '2', `file://${dir}`, clone]);
    const shallow = history({ dir: clone, env: repository.env });
    expect(said(shallow)).toEqual([
      expect.stringMatching(/shallow: the history before its oldest commits was not searched/),
    ]);
    expect(shallow.status).toBe(1);

    const broken = repository.id('HEAD~1:b.txt');
    const file = join(dir, '.git/objects', broken.slice(0, 2), broken.slice(2));
    chmodSync(file, 0o644);
    writeFileSync(file, readFileSync(file).subarray(0, 9));
    const corrupt = history(repository, '--no-cache');
    expect(corrupt.findings).toEqual([]);
    expect(said(corrupt)).toContainEqual(expect.stringMatching(/^b\.txt was not read: .*(corrupt|missing)/));
    expect(corrupt.status).toBe(3);
  });

  test('a partial clone names what it lacks, and fetches nothing', () => {
    const repository = makeRepository();
    const { dir, git, commit } = repository;
    git(['config', 'uploadpack.allowFilter', 'true']);
    for (let i = 0; i < 20; i++) commit(`feat: ${i}`, { [`f${i}.txt`]: `${i}\n`, 'a.txt': `${i}${i}\n` });
    const clone = join(dir, 'clone');
    git(['clone', '-q', '--filter=blob:none', `file://${dir}`, clone]);
    const partial = history({ dir: clone, env: repository.env });
    expect(partial.status).toBe(3);
    expect(said(partial)).toHaveLength(2);
    expect(said(partial).join()).toMatch(/\d+ more versions of files were not read: .*(missing|fetched)/);
  });
});
