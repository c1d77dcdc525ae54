import { isSecretName, isUnset } from '../secret-names.ts';
import { sha256 } from './checksum.ts';
import { assignmentAt, type Assignment } from './assignment.ts';
import { ends, runAfter, runBefore } from './around.ts';
import { isInRustTest, type FileKind } from './file-kind.ts';
import type { Stretch } from './format.ts';
import { isCommon, isCommonInDisguise, isFiller, isStandIn } from './placeholder.ts';
import { looksRandom, wordiness } from './random.ts';

/** The value of a name that calls it a password, a token or a key, where it looks like one. */
export function* assignedSecretAt(text: string, at: number, kind: FileKind): Iterable<Stretch> {
  if (kind === 'generated') return;
  const assignment = assignmentAt(text, at);
  if (!assignment || !isSecretName(assignment.written)) return;
  if (assignment.operator === '' && !assignment.written.startsWith('-')) return;
  const value = valueOf(text, assignment, kind);
  if (value === undefined || value.toLowerCase().includes(assignment.written.toLowerCase())) return;
  const judgement = judge(value, isPasswordName(assignment.written), kind);
  if (!judgement || isOnLongLine(text, at) || isSealedManifest(text, at)) return;
  const { sure, guessable } = judgement;
  const doubtful = !sure || isInRustTest(text, at) || kind === 'test' || kind === 'docs' || kind === 'unknown';
  const name = assignment.written.replace(/^-+/, '');
  yield {
    start: assignment.value,
    end: assignment.value + value.length,
    names: `${isPasswordName(name) ? 'a password' : 'a secret'}: the value of ${name}`,
    ...(guessable && { key: name }),
    ...(doubtful && { unsure: true as const }),
  };
}

const isPasswordName = (name: string): boolean => /pass(?!age|ive|port)|pwd/i.test(name);

/** Up to the quote that closes it; without quotes, up to a blank, in files where values stand without. */
function valueOf(text: string, { value, quote, operator }: Assignment, kind: FileKind): string | undefined {
  if (quote !== '' && quote !== '\\') {
    QUOTED.lastIndex = value;
    const [inner] = QUOTED.exec(text) ?? [];
    return inner !== undefined && text[value + inner.length] === quote ? inner : undefined;
  }
  if (kind === 'code' || kind === 'test' || operator === '(' || operator === ',') return undefined;
  BARE.lastIndex = value;
  const [bare = ''] = BARE.exec(text) ?? [];
  const end = value + bare.length;
  // "Token: what a sentence says". A comment, a further setting or the line's end may follow.
  if (operator === ':' && /^[ \t]+[A-Za-z]/.test(text.slice(end, end + 4))) return undefined;
  return /^[|&,;>\\]/.test(bare) ? undefined : bare.replace(/(?:[,;)\]}]|\\n)+$/, '');
}

const QUOTED = /[^"'`\s\\]{6,160}/y;
const BARE = /[^\s"'`<>]{6,160}/y;

/** Minified code and recorded data: what stands there was written by no hand. */
function isOnLongLine(text: string, at: number): boolean {
  const line = runBefore(text, at, LINE_END, LONG_LINE).length + runAfter(text, at, LINE_END, LONG_LINE).length;
  return line >= LONG_LINE;
}
const LINE_END = ends('\n');
const LONG_LINE = 2000;

/** Kubernetes' SealedSecret keeps the names of what it has encrypted. */
const isSealedManifest = (text: string, at: number): boolean =>
  /kind: SealedSecret|encryptedData:/.test(text.slice(Math.max(0, at - 2000), at));

interface Judgement {
  readonly sure: boolean;
  /** A digest would give it away. */
  readonly guessable: boolean;
}

function judge(value: string, password: boolean, kind: FileKind): Judgement | undefined {
  if (
    isUnset(value) ||
    isFiller(value) ||
    isStandIn(value) ||
    IS_CODE.some((form) => form.test(value)) ||
    isPublished(value) ||
    isStandInEncoded(value)
  )
    return undefined;
  if (UUID.test(value)) return { sure: false, guessable: false };
  const random = value.length >= 16 && looksRandom(value);
  if (random) return { sure: /^[\w+/=.~:!@#%^&*-]+$/.test(value), guessable: value.length < 20 };
  if (!password) return value.length >= 10 && isMixed(value) ? { sure: false, guessable: true } : undefined;
  return passwordOf(value, kind);
}

/** People's own passwords: sure where no word explains it, or where three kinds of signs and a file of settings do. */
function passwordOf(value: string, kind: FileKind): Judgement | undefined {
  if (isCommon(value) || isCommonInDisguise(value) || /^[\d.,:/-]+$/.test(value)) return undefined;
  const weak: Judgement = { sure: false, guessable: true };
  if (value.length < 8 || !isMixed(value)) return weak;
  const signs = [/[a-z]/, /[A-Z]/, /\d/, /[^A-Za-z0-9_.-]/].filter((form) => form.test(value)).length;
  const { share, pairs } = wordiness(value.replace(/[\d\W_]+$/, ''));
  const wordy = pairs === 0 ? false : share > 0.7;
  return {
    sure: wordy ? signs === 4 && kind === 'settings' : signs >= 3 || !/^[a-z]+\d*$/.test(value),
    guessable: true,
  };
}

const isMixed = (value: string): boolean => /[A-Za-z]/.test(value) && /[^A-Za-z]/.test(value);

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** What a name's value often is and no secret: code, paths, addresses, digests, public halves, and what is encrypted already. */
const IS_CODE: readonly RegExp[] = [
  /[(){}]|\$\w|\$\{|=>|::|->|&&|\|\|/,
  /^[A-Za-z_$][\w$]*(?:\??\.[A-Za-z_$][\w$]*)+$/,
  /^(?:process|os|env|config|settings|self|this|args|opts|options|params|secrets?|vars?|data|local|module|props|ctx|req)[.[]/i,
  /^(?:\.{0,2}|~|[A-Za-z]:)[/\\]|^[\w.-]+(?:\/[\w.-]+){2,}$|^[\w-]+\/[\w-]+$|\.(?:pem|key|crt|json|ya?ml|txt|env|ts|js|py|go|rb|php|html?|csv|sh)$/i,
  /:\/\/|^mailto:|^data:|^[\w.+-]+@[\w-]+\.[\w.]+$/i,
  /^(?:md5|sha\d{1,3}|pbkdf2|bcrypt|scrypt|argon2\w*)[-:_$]|^\$(?:2[aby]|\d|argon2\w*|apr1|pbkdf2[\w-]*)\$|^\{\w+\}|^SHA256:/i,
  /^(?:ssh-|ecdsa-|AAAA[BC]3Nza|pk_|phc_|whpk_|pub_|public)/,
  /\\u[0-9a-f]{4}|^(?=.{4,40}$).*(?:hmac|sha-?\d|pbkdf2|aes[-_/]?\d|[hre]s256|[-_/](?:gcm|cbc)|base64)/i,
  /^(?:ENC|enc|vault|kms|sealed|encrypted|sops|arn|projects)[:([/]|^AQICAH|^\$ANSIBLE/,
  /^(?:0x)?0{8}|^\d{4}-\d\d-\d\d/,
];

/** Tokens that Slack's manuals print in every sample of an event. */
const isPublished = (value: string): boolean =>
  value.length === 24 && ['304779c4de12ef17'].includes(sha256(value).slice(0, 16));

/** "Y2hhbmdlbWU=": base64 hides no stand-in. */
function isStandInEncoded(value: string): boolean {
  if (!/^(?:[A-Za-z0-9+/]{4}){1,20}(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(value)) return false;
  const plain = Buffer.from(value, 'base64').toString('latin1').trim();
  return /^[ -~]{3,60}$/.test(plain) && (isStandIn(plain) || isUnset(plain));
}
