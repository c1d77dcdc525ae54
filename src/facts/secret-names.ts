// Which names call their value a secret, and which values are only where one would stand.

const SECRET = new Set(
  'secret secrets token password passwd pwd pass passphrase credential credentials dsn'.split(' '),
);
const KEYS = new Set(
  'api private access secret encryption signing auth role master session jwt app application account service'.split(
    ' ',
  ),
);
const PUBLIC = new Set(
  'public publishable anon site example version page next continuation cursor sync push device csrf xsrf cancellation syntax'.split(
    ' ',
  ),
);
/** What is left of a secret that can no longer be read. */
const SEALED = new Set('hashed encrypted masked redacted'.split(' '));
const ABOUT = new Set(
  (
    'name id ids url uri path file dir ttl expiry expires expiration age length size enabled disabled required header type prefix ' +
    'policy rotation days hours minutes seconds limit count ref host region issuer audience algorithm version mode provider store ' +
    'hash hashes digest salt hint label text message messages error errors field fields input regex pattern validator validation ' +
    'schema form column class title description param parameter parameters query selector body subject template link page route ' +
    'screen view icon button address symbol decimals alias arn endpoint format kind index offset position range manager service ' +
    'handler factory strategy status state reset changed created updated list map set string bytes buffer budget usage cost name ' +
    'names location scope scopes bucket owner user username email login strength rules requirements confirmation confirm label'
  ).split(' '),
);
const EXPOSED = /^(?:NEXT_PUBLIC|VITE|REACT_APP|EXPO_PUBLIC|NUXT_PUBLIC|PUBLIC|GATSBY|STORYBOOK)_/;

/** Whether a variable's or a key's name says that its value is a secret: "STRIPE_SECRET_KEY", "dbPassword". */
export function isSecretName(name: string): boolean {
  if (EXPOSED.test(name)) return false;
  const words = name
    .replace(/([a-z\d])([A-Z])/g, '$1_$2')
    .toLowerCase()
    .split(/[^a-z\d]+/)
    .filter(Boolean);
  if (words.some((word) => PUBLIC.has(word) || SEALED.has(word)) || ABOUT.has(words.at(-1) ?? '')) return false;
  if (words.some((word) => SECRET.has(word) || /(?:password|passwd|secret|token|apikey)$/.test(word))) return true;
  return words.some((word, i) => word === 'key' && KEYS.has(words[i - 1] ?? ''));
}

const UNSET = [
  /^(?:true|false|yes|no|on|off|null|nil|none|undefined|empty|n\/?a|todo|tbd|fixme|dummy|placeholder|redacted|default|example|sample|changeit)$/i,
  /^(?:[x*.#_?-]+|0+|1234(?:5(?:6(?:7(?:8)?)?)?)?)$/i,
  /^(?:change|replace|insert|enter|put|add|set|fill|paste)[-_ ]?(?:me|this|it|your|here|in|with|own)/i,
  /^(?:your|my|some|the)[-_ ](?:\w+[-_ ])*(?:secret|password|passwd|token|key|value|dsn)(?:[-_ ]?here)?$/i,
  /^(?:<[^>]*>|\[[^\]]*\]|%[^%]*%|__\w+__)$/,
  /\$\{[^}]*\}|\$\([^)]*\)|^\$\w+$|^`[^`]*`$|\{\{|<%/,
  // Kept elsewhere, or encrypted on the spot.
  /^(?:op|vault|secret|secretsmanager|ssm|awssm|gcpsm|azkv|keyvault|ref\+\w+|aws-sm|arn:aws\w*:secretsmanager|akv):/i,
  /^(?:encrypted:|ENC\[)/,
];

/** Whether a value is missing, merely marks the place of one, or is kept elsewhere. */
export const isUnset = (value: string): boolean => {
  const text = value.trim();
  return text === '' || UNSET.some((form) => form.test(text));
};

/** A URL that carries a password, as in postgres://user:secret@host/db. */
export function holdsPassword(value: string): boolean {
  const [, password] = /^[a-z][a-z\d+.-]*:\/\/[^\s:/@]*:([^\s/]+)@[^\s@]/i.exec(value.trim()) ?? [];
  return password !== undefined && !isUnset(password);
}
