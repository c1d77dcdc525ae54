import { text } from './commits.ts';
import { configuration } from './conversion.ts';
import type { Git } from './git.ts';

/**
 * What Git will make of the message file that commit-msg is handed, most likely first. `--cleanup` and `--verbose` cannot
 * be seen from a hook: where they would change the outcome, the other outcome follows. A judgement should fail only when
 * each of them fails.
 */
export async function messagesOf(git: Git, file: Uint8Array, env: NodeJS.ProcessEnv): Promise<readonly string[]> {
  const config = await configuration(git, '^(commit\\.cleanup|core\\.comment(char|string)|i18n\\.commitencoding)$');
  const raw = text(Buffer.from(file), config.get('i18n.commitencoding'));
  const setting = config.get('core.commentstring') ?? config.get('core.commentchar') ?? '#';
  const comment = setting.toLowerCase() === 'auto' ? chosenComment(raw) : setting;
  // Git sets this editor for its hooks when none will open: then nobody is told that lines beginning with # go away.
  const edited = env['GIT_EDITOR'] !== ':';
  const whole = mode(config.get('commit.cleanup') ?? 'default', edited);
  const likely = cleaned(raw, whole, comment);
  const other = cleaned(raw, whole === 'strip' ? 'whitespace' : 'strip', comment);
  return other === likely ? [likely] : [likely, other];
}

type Cleanup = 'strip' | 'whitespace' | 'verbatim' | 'scissors';

function mode(setting: string, edited: boolean): Cleanup {
  if (setting === 'strip' || setting === 'whitespace' || setting === 'verbatim') return setting;
  if (setting === 'scissors') return edited ? 'scissors' : 'whitespace';
  return edited ? 'strip' : 'whitespace';
}

function cleaned(raw: string, cleanup: Cleanup, comment: string): string {
  if (cleanup === 'verbatim') return raw;
  const cut = scissors(raw, comment);
  // Below this line of Git's lies the diff of --verbose, which is never part of a message.
  const diff = /^diff --git /m.test(raw.slice(cut));
  const message = cleanup === 'scissors' || diff ? raw.slice(0, cut) : raw;
  return stripSpace(message, cleanup === 'strip' ? comment : undefined);
}

function scissors(raw: string, comment: string): number {
  const line = `${comment} ------------------------ >8 ------------------------\n`;
  if (raw.startsWith(line)) return 0;
  const at = raw.indexOf(`\n${line}`);
  return at < 0 ? raw.length : at + 1;
}

/** No space at the end of a line, no two empty lines together, none at either end: what `git stripspace` does. */
function stripSpace(message: string, comment: string | undefined): string {
  const lines: string[] = [];
  for (const line of message.split('\n')) {
    if (comment !== undefined && line.startsWith(comment)) continue;
    const kept = line.replace(/[ \t\r]+$/, '');
    if (kept !== '' || (lines.length > 0 && lines.at(-1) !== '')) lines.push(kept);
  }
  if (lines.at(-1) === '') lines.pop();
  return lines.length === 0 ? '' : `${lines.join('\n')}\n`;
}

/** With "auto", Git takes a character that begins no line of the message, and uses it in the hints that it writes below. */
function chosenComment(raw: string): string {
  const last = raw.split('\n').findLast((line) => /^[#;@!$%^&|:](?:[ \t]|$)/.test(line));
  return last?.[0] ?? '#';
}
