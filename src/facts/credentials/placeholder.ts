/** Whether a token's own part is filler: a run of x, the alphabet, a repeated pattern, or words that say so. */
export function isFiller(body: string): boolean {
  if (SAYS_SO.test(body) || IN_WORDS.test(body)) return true;
  const { covered, longest, near } = runs(body.toLowerCase());
  return (
    isAlternating(body) || longest >= 8 || covered >= body.length * 0.4 || near >= body.length * 0.6 || repeats(body)
  );
}

const SAYS_SO =
  /example|placeholder|dummy|redacted|change[_-]?me|replace|insert|sample|foobar|foo_bar|invalid|not[_-]?real|notvalid|your|fake|xxxx|token|secret|apikey|api[_-]key|qwert|asdf|deadbeef|cafebabe|\.\.\./i;

/** "1a2b3c4d5e6f": letters and digits by turns, as nobody draws them. */
function isAlternating(text: string): boolean {
  if (text.length < 16) return false;
  let turns = 0;
  for (let i = 1; i < text.length; i++) if (text.charCodeAt(i) < 58 !== text.charCodeAt(i - 1) < 58) turns++;
  return turns >= (text.length - 1) * 0.85;
}

/** "PROJECT-SPECIFIC-KEY": letters of one case with separators between them. */
const IN_WORDS = /^(?:(?:[a-z]{2,40}[-_]){1,9}[a-z]{2,40}|(?:[A-Z]{2,40}[-_]){1,9}[A-Z]{2,40})$/;

/** Characters in runs of four or more that stay the same, count up or count down; and how many are near the one before at all. */
function runs(text: string): { covered: number; longest: number; near: number } {
  let [covered, longest, near, from] = [0, 0, 0, 0];
  let step: number | undefined;
  for (let i = 1; i <= text.length; i++) {
    const now = i < text.length ? distance(text.charCodeAt(i - 1), text.charCodeAt(i)) : undefined;
    if (now !== undefined) near++;
    if (now !== undefined && now === step) continue;
    const length = i - from;
    if (step !== undefined && length >= 4) {
      covered += length;
      longest = Math.max(longest, length);
    }
    from = now === undefined ? i : i - 1;
    step = now;
  }
  return { covered, longest, near };
}

/** 0 for the same character, 1 or -1 for neighbours; 9 and 0 are neighbours, as they are on a keyboard. */
function distance(a: number, b: number): number | undefined {
  const step = b - a;
  if (step === -9 && a === 57) return 1;
  if (step === 9 && b === 57) return -1;
  return Math.abs(step) <= 1 ? step : undefined;
}

/** "abc123abc123": most characters stand where they stood a few places before. */
function repeats(text: string): boolean {
  for (let period = 2; period <= 12 && period * 2 <= text.length; period++) {
    let same = 0;
    for (let i = period; i < text.length; i++) if (text[i] === text[i - period]) same++;
    if (same >= (text.length - period) * 0.7) return true;
  }
  return false;
}

/** Whether a password stands for one: a variable, a template, an instruction, a word that everybody uses. */
export function isStandIn(password: string): boolean {
  return TEMPLATE.test(password) || !/[A-Za-z0-9]/.test(password) || isCommon(password) || /^(.)\1*$/.test(password);
}

const TEMPLATE =
  /^\$|\$[{(\w]|\{|\}|<|>|^\[|\]$|^%(?:\w+%|[sdvq])$|%\(|\*{2}|\.{3}|\u2026|\u2022|x{4}|^x+$|^__|^@@|^:|^\(|redacted|placeholder|example|your[_-]|^your|asdf|qwert/i;

/** Whether it is made of nothing but common words, digits at the end aside: "my-secret-password123". */
export function isCommon(password: string): boolean {
  const letters = password.replace(/[\d\W_]+$/, '');
  if (letters.length <= 1) return true;
  if (letters.length > LONGEST_PHRASE) return false;
  if (/\d/.test(letters)) return COMMON_WITH_DIGITS.has(password.toLowerCase());
  return inWords(letters.toLowerCase().replace(/[^a-z]+/g, ''));
}

/** The same for one in which letters are written as digits and signs: "P@ssw0rd". */
export const isCommonInDisguise = (password: string): boolean =>
  [password, password.replace(/[\d\W_]{1,20}$/, '')].some((text) =>
    isCommon(text.replace(/[013457@$!]/g, (sign) => DISGUISE[sign]!)),
  );
const DISGUISE: Readonly<Record<string, string>> = {
  0: 'o',
  1: 'i',
  3: 'e',
  4: 'a',
  5: 's',
  7: 't',
  '@': 'a',
  $: 's',
  '!': 'i',
};

/** Whether a text can be cut into words of the list. */
function inWords(text: string): boolean {
  const reached = new Uint8Array(text.length + 1);
  reached[0] = 1;
  for (let at = 0; at < text.length; at++) {
    if (!reached[at]) continue;
    for (let length = 1; length <= LONGEST_WORD && at + length <= text.length; length++) {
      if (WORDS.has(text.slice(at, at + length))) reached[at + length] = 1;
    }
  }
  return reached[text.length] === 1;
}

const COMMON_WITH_DIGITS = new Set([
  'p4ssw0rd',
  'passw0rd',
  'p@ssw0rd',
  'pa55word',
  's3cret',
  's3cr3t',
  'hunter2',
  'adm1n',
  'r00t',
]);
const WORDS = new Set(
  `password passwords passwd passphrase pass pwd pw psw secret secrets secure super my your the our a an user users username usr
  name db database dbuser dev devel develop development develops local localhost test tests testing tester tmp temp demo example
  examples sample dummy fake mock placeholder change changeme changeit me please this that here it insert replace with
  redacted hidden masked removed admin administrator root guest postgres postgresql pg sql mysql mariadb mongo mongodb redis
  rabbitmq rabbit mq amqp app apps application api apis key keys token tokens value strong complex random some any thing
  something default foo bar baz qux hunter letmein welcome qwerty abc abcd abcde abcdef abcdefg xyz hello world docker compose
  ci github actions server service services svc host xxx null none undefined empty string todo tbd and for in of not no real
  very safe only really new old encoded url special chars char credential credentials login auth clickhouse minio supabase
  keycloak strapi ghost wordpress drupal directus elastic kafka nats s p u x staging stage prod production backend frontend
  web worker scott tiger is to be must set generate generated openssl hex rand base readonly read write writer reader owner`.split(
    /\s+/,
  ),
);
const LONGEST_WORD = 14;
const LONGEST_PHRASE = 60;
