import type { Subjects } from '../../core/fact.ts';
import type { Range } from '../../core/finding.ts';
import { isNotice } from '../../core/notice.ts';
import { messages } from '../change.ts';
import { files, unread } from '../files.ts';
import { candidatesOf, distinct, type Candidate } from './candidate.ts';
import { inspect } from './inspect.ts';
import { customFormats, knownFormats, matcherWith } from './ready.ts';

export type { Candidate } from './candidate.ts';

/** Every credential in what the change adds or alters and says: files, messages, the pull request. One pass, whatever the number of rules. */
export const credentials: Subjects<Candidate> = async function* (change) {
  // Built when there is something to read: a run without it does not pay for it.
  const match = () => matcherWith(customFormats(change.policies?.head));
  for await (const file of files(change)) {
    if (isNotice(file)) {
      yield file;
      continue;
    }
    const { path, content } = file;
    if (content.kind === 'text' || content.kind === 'binary') yield* inspect(await match(), path, content);
    else if (content.kind !== 'gitlink') yield unread(path, content);
  }
  for await (const message of messages(change)) {
    if (isNotice(message)) yield message;
    else
      yield* candidatesOf(distinct((await match())(message.text)), 'message', () =>
        message.commit ? { commit: message.commit.oid } : {},
      );
  }
  if (change.pullRequest) {
    const { title, body } = change.pullRequest;
    yield* candidatesOf(distinct((await match())(`${title}\n${body}`)), 'pull request', () => ({}));
  }
};

/** Where a file that no rule asks about holds credentials; undefined where it could not be searched in full. */
export function credentialRanges(path: string, text: string): Range[] | undefined {
  const found = [...inspect(knownFormats(), path, { kind: 'text', text, encoding: 'utf-8', size: text.length })];
  return found.some(isNotice) ? undefined : found.flatMap((one) => ('at' in one && one.at.range ? [one.at.range] : []));
}
