import type { FileKind } from './file-kind.ts';
import type { Stretch } from './format.ts';
import { isCommon, isCommonInDisguise, isFiller, isStandIn } from './placeholder.ts';
import { looksRandom } from './random.ts';

/** `Authorization: Bearer …`, Basic or token, in a header, an object of headers or a command. */
export function* authorizationAt(text: string, at: number, kind: FileKind): Iterable<Stretch> {
  HEADER.lastIndex = at;
  const [all, scheme = '', value = ''] = HEADER.exec(text) ?? [];
  if (!all || kind === 'generated') return;
  const login = scheme.toLowerCase() === 'basic' ? passwordIn(value) : undefined;
  if (scheme.toLowerCase() === 'basic' ? login === undefined : !looksRandom(value) || isFiller(value)) return;
  yield { start: at + all.length - value.length, end: at + all.length, ...doubtIn(kind) };
}

const HEADER =
  /authorization\\{0,2}["']?[\])]?\s{0,3}[:=,]\s{0,3}(?:[fb](?=["']))?\\{0,2}["'`]?(bearer|basic|token)\s{1,3}([A-Za-z0-9+/_.=~-]{16,1000})/iy;

/** Base64 of user:password, where the password is one. */
function passwordIn(base64: string): string | undefined {
  const [, password = ''] =
    /^[ -9;-~]{0,100}:([ -~]{4,200})$/.exec(Buffer.from(base64, 'base64').toString('latin1')) ?? [];
  return isWorthy(password) ? password : undefined;
}

const isWorthy = (password: string): boolean =>
  password.length >= 6 &&
  !isStandIn(password) &&
  !isCommon(password) &&
  !isCommonInDisguise(password) &&
  !isFiller(password) &&
  password !== 'open sesame';

/** `curl -u user:password`, with the option anywhere in the command. */
export function* curlLoginAt(text: string, at: number, kind: FileKind): Iterable<Stretch> {
  // As far as the next command; a line that ends in a backslash goes on.
  const [near = ''] = text.slice(at + 5, at + 400).split('curl ', 1);
  if (!near.includes('-u')) return;
  const line = ` ${/^(?:[^\n\\]|\\[^\n]|\\\n){0,400}/.exec(near)?.[0] ?? ''}`;
  const found = /\s(?:-u|--user)[ =]{0,2}["']?([^\s:"']{1,60}):([^\s"']{3,100})/.exec(line);
  const [all, user = '', password = ''] = found ?? [];
  if (!found || !all || user.toLowerCase() === password.toLowerCase() || !isWorthy(password) || /[$`]/.test(all))
    return;
  const end = at + 4 + found.index + all.length;
  yield { start: end - password.length, end, key: `the login of ${user}`, ...doubtIn(kind) };
}

const MACHINE =
  /machine[ \t]{1,4}([\w.-]{1,253})\s{1,4}login[ \t]{1,4}(\S{1,100})\s{1,4}password[ \t]{1,4}([^\s\\"]{3,200})/y;

/** A line of a netrc file, wherever it is written. */
export function* netrcAt(text: string, at: number, kind: FileKind): Iterable<Stretch> {
  MACHINE.lastIndex = at;
  const [all, host = '', user = '', password = ''] = MACHINE.exec(text) ?? [];
  if (!all || user === password || !isWorthy(password) || /[$`]/.test(password)) return;
  const end = at + all.length;
  yield { start: end - password.length, end, host: `netrc://${host.toLowerCase()}`, ...doubtIn(kind) };
}

const doubtIn = (kind: FileKind): { unsure?: true } => (kind === 'settings' || kind === 'code' ? {} : { unsure: true });
