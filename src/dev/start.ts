import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { cleanEnvironment, playStory, readStory } from './story.ts';

const audit = (dir: string, env: NodeJS.ProcessEnv, flags: readonly string[] = []): number => {
  const args = ['dist/bin.cjs', 'audit', '-C', dir, ...flags];
  return spawnSync(process.execPath, args, { env, stdio: 'inherit' }).status ?? 70;
};

const [path] = process.argv.slice(2);
if (path === undefined) showSample();
// npm runs scripts at the root: INIT_CWD is where the user stands.
else process.exitCode = audit(resolve(process.env['INIT_CWD'] ?? '', path), process.env);

/** Plays the sample's story into a temporary folder and audits it. Its findings are the point, so they are no failure. */
function showSample(): void {
  const dir = mkdtempSync(join(tmpdir(), 'repolicy-sample-'));
  try {
    const story = readStory(readFileSync('fixtures/sample.story', 'utf8'));
    const env = cleanEnvironment();
    playStory(story, dir, env);
    say(`${story.title}\n\n${story.prose}\n`);
    const code = audit(dir, env, ['--format', 'compact']);
    say('\nOne of them in full, as a developer sees it when a commit is stopped:\n');
    audit(dir, env, ['--quiet', '--rule', 'sql/syntax-error']);
    say(`
Here the audit ends with exit code 0, since finding these is the point; anywhere else it would be ${code}.
The whole story:           fixtures/sample.story
Your own repository:       npm start -- <path>
Set the hooks up in it:    node dist/bin.cjs init -C <path>`);
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}
