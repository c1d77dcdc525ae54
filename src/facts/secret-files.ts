import type { Severity } from '../core/finding.ts';
import type { Content } from '../core/snapshot.ts';
import { readDotenv, type Variable } from './dotenv.ts';
import { holdsPassword, isSecretName, isUnset } from './secret-names.ts';

/** What makes a file one that must not be in a repository. Never holds any of its content but names. */
export interface Verdict {
  /** Follows the path in a sentence: "holds a private key". */
  readonly says: string;
  readonly atMost?: Severity;
}

interface Kind {
  readonly name: RegExp;
  /** Only then is the file read. */
  readonly judge: (text: string, path: string) => string | Verdict | undefined;
}

type Readable = Extract<Content, { kind: 'text' | 'binary' }>;

/** What tells that a file, by its name, may hold secrets and must be read. Undefined for all others. */
export const secretKind = (path: string): Kind | undefined =>
  /(?:^|[._-])(?:example|sample|template|tpl|dist|defaults?|schema)(?:[._-]|$)/i.test(basename(path))
    ? undefined
    : KINDS.find(({ name }) => name.test(path));

/** Judges a file by its content. Bytes are read as Latin-1, so that each is one character. */
export function judgeSecretFile(kind: Kind, path: string, content: Readable): Verdict | undefined {
  const text = content.kind === 'text' ? content.text : Buffer.from(content.bytes).toString('latin1');
  const said = text.trim() === '' ? undefined : kind.judge(text, path);
  const verdict = typeof said === 'string' ? { says: said } : said;
  const tried = /(?:^|\/)(?:tests?|__tests__|specs?|e2e|fixtures?|testdata|mocks?|examples?|samples?|docs?)\//i.test(
    path,
  );
  return verdict && tried ? { ...verdict, atMost: 'warning' } : verdict;
}

/** A file in a folder that is for secrets: everything counts but notes and what is encrypted. */
export const isSealed = (path: string, content: Readable): boolean => {
  if (/\.(?:gpg|age|enc|sealed)$|(?:^|\/)(?:\.git\w+|README[^/]*|[^/]*\.md)$/i.test(path)) return true;
  const text = content.kind === 'text' ? content.text : Buffer.from(content.bytes.subarray(0, 20)).toString('latin1');
  return text.trim() === '' || isEncrypted(text);
};

const isEncrypted = (text: string): boolean =>
  /^\s*(?:\$ANSIBLE_VAULT;|age-encryption\.org\/|-----BEGIN (?:AGE ENCRYPTED FILE|PGP MESSAGE)-----)|^\0GITCRYPT|^kind: SealedSecret$/m.test(
    text,
  ) ||
  (/\bENC\[AES256_GCM,/.test(text) && /\bsops/.test(text));

const basename = (path: string): string => path.slice(path.lastIndexOf('/') + 1);

const KINDS: readonly Kind[] = [
  { name: /(?:^|\/)(?:\.env(?:\.[\w.-]+)?|[\w-]+\.env|\.envrc)$/i, judge: environment },
  { name: /\.(?:jks|jceks|keystore|bks|bcfks|uber)$/i, judge: javaKeyStore },
  {
    name: /\.(?:p12|pfx|pkcs12)$/i,
    judge: (text) => (derSequence(text)?.startsWith('\x02\x01\x03') ? 'is a key store (PKCS #12)' : undefined),
  },
  {
    name: /\.kdbx?$/i,
    judge: (text) => (text.startsWith('\x03\xd9\xa2\x9a') ? 'is a password store (KeePass)' : undefined),
  },
  {
    name: /\.(?:pem|key|der|p8|ppk|asc|gpg|pk8|priv|crt|cer|ovpn)$|(?:^|\/)id_(?:rsa|dsa|ecdsa|ed25519)(?:_sk)?$/i,
    judge: privateKey,
  },
  {
    name: /(?:^|\/)(?:[\w.-]*kubeconfig(?:\.ya?ml)?|[^/]+\.kubeconfig|\.kube\/config|admin\.conf)$/i,
    judge: kubeconfig,
  },
  {
    name: /(?:^|\/)[._]netrc$/,
    judge: holds('a password for a server', /\bpassword\s+(\S+)/g),
  },
  {
    name: /(?:^|\/)\.npmrc$/,
    judge: holds('a token for a package registry', /^[^#;\n]*(?:_authToken|_auth|_password)[ \t]*=[ \t]*"?([^"\s]*)/gm),
  },
  {
    name: /(?:^|\/)\.yarnrc\.yml$/,
    judge: holds('a token for a package registry', /^[^#\n]*npmAuth(?:Token|Ident)["']?[ \t]*:[ \t]*["']?([^"'\n]*)/gm),
  },
  {
    name: /(?:^|\/)\.pypirc$/,
    judge: holds('a password for a package registry', /^password[ \t]*[=:][ \t]*(.*)$/gm),
  },
  {
    name: /(?:^|\/)(?:\.docker\/config\.json|\.dockercfg|\.dockerconfigjson)$/,
    judge: holds('a login for a container registry', /"(?:auth|identitytoken|registrytoken)"\s*:\s*"([^"]*)"/g),
  },
  {
    name: /(?:^|\/)\.?pgpass(?:\.conf)?$/,
    judge: holds('a password for a database', /^[^#\n:]*:[^\n:]*:[^\n:]*:[^\n:]*:(.+)$/gm),
  },
  { name: /(?:^|\/)\.(?:git-credentials|my\.cnf|mylogin\.cnf|s3cfg|boto)$|\.aws\/credentials$/, judge: credentials },
  { name: /\.tfstate(?:\.[\w.-]*)?$/i, judge: terraformState },
  {
    name: /(?:service.?account|credential|adminsdk|gcloud|gcp|google|firebase|keyfile|-[0-9a-f]{12})[^/]*\.json$/i,
    judge: (text) =>
      /"type"\s*:\s*"service_account"/.test(text) && hasPrivateKey(text)
        ? 'is the key of a service account'
        : undefined,
  },
  { name: /(?:^|\/)vaults?\/(?:.+\/)?[^/.]+(?:\.(?:json|ya?ml|toml|ini|txt|properties|conf))?$/i, judge: vaultFile },
];

/** Judges by the first group of each match: one that is a real value decides. */
function holds(says: string, form: RegExp): Kind['judge'] {
  return (text) => (captured(text, form) ? `holds ${says}` : undefined);
}

const captured = (text: string, form: RegExp): boolean =>
  [...text.matchAll(form)].some(([, value]) => value !== undefined && !isUnset(value));

function environment(text: string, path: string): Verdict | undefined {
  const name = basename(path);
  if (/\.(?:vault|enc(?:rypted)?|gpg|age|[cm]?[jt]sx?|md|json|ya?ml)$/i.test(name) || isEncrypted(text))
    return undefined;
  const set = [...readDotenv(text)].filter(
    ({ key, value }) => !isUnset(value) && !/^DOTENV_(?:PUBLIC_KEY|VAULT)/.test(key),
  );
  const secret = set.filter(({ key, value }) => isSecretName(key) || holdsPassword(value));
  if (secret.length > 0) return { says: `sets ${named(secret)}` };
  // The files that by convention differ from one machine to the next; the others often hold shared defaults.
  const own = /^\.env(?:\.prod(?:uction)?)?(?:\.local)?$|\.local$/i.test(name);
  return own && set.length > 0 ? { says: `sets ${named(set)}`, atMost: 'warning' } : undefined;
}

function named([first, ...more]: readonly Variable[]): string {
  return more.length === 0 ? first!.key : `${first!.key} and ${more.length} more`;
}

function javaKeyStore(text: string, path: string): string | undefined {
  // Android's debug store has the same public password everywhere; a trust store holds certificates.
  if (/^debug\.keystore$|trust|cacerts/i.test(basename(path))) return undefined;
  const magic = /^(?:\xfe\xed\xfe\xed|\xce\xce\xce\xce|\0\0\0[\x01\x02]|\x30[\x80-\x84])/.test(text);
  return magic ? 'is a Java key store' : undefined;
}

const PEM = /-----BEGIN ((?:[A-Z0-9]+ ){0,3}PRIVATE KEY(?: BLOCK)?)-----((?:(?!-----)[^]){40,20000})-----END \1-----/g;

/** A header without a body is an example of one. JSON writes the lines of a body with \n between them. */
const hasPrivateKey = (text: string): boolean =>
  [...text.matchAll(PEM)].some(([, , body = '']) => /(?:[A-Za-z0-9+/=]{16,}(?:\s|\\n)*){2}/.test(body));

function privateKey(text: string): string | undefined {
  if (hasPrivateKey(text) || /^PuTTY-User-Key-File-\d/.test(text)) return 'holds a private key';
  // PKCS #1, #8 and SEC 1 begin with a version; a certificate and a public key begin with a sequence.
  return /^\x02\x01[\0\x01][\x02\x04\x30]/.test(derSequence(text) ?? '') ? 'holds a private key' : undefined;
}

/** What stands inside the outermost DER sequence of a binary file. */
function derSequence(bytes: string): string | undefined {
  const length = bytes.charCodeAt(1);
  if (bytes[0] !== '\x30' || Number.isNaN(length)) return undefined;
  return bytes.slice(length > 0x80 && length <= 0x84 ? 2 + (length & 0x7f) : 2);
}

function kubeconfig(text: string): string | undefined {
  if (!/^kind:\s*["']?Config\b/m.test(text) && !/"kind"\s*:\s*"Config"/.test(text)) return undefined;
  return captured(text, /(?:^|[\s{,"'])(?:token|password|client-key-data)["']?\s*:\s*["']?([^"'\s,}]+)/g)
    ? 'holds a login for a cluster'
    : undefined;
}

function credentials(text: string): string | undefined {
  const login =
    /^\s*(?:aws_secret_access_key|secret_key|gs_secret_access_key|password|aws_session_token)\s*=\s*["']?([^"'\s]+)/gm;
  const urls = text.split('\n').some(holdsPassword);
  return urls || captured(text, login) ? 'holds a login' : undefined;
}

function terraformState(text: string): string | undefined {
  try {
    const { resources, outputs, modules } = JSON.parse(text) as {
      resources?: unknown[];
      outputs?: object;
      modules?: unknown[];
    };
    const empty = !resources?.length && !modules?.length && Object.keys(outputs ?? {}).length === 0;
    return empty ? undefined : "is Terraform's state, in which secrets stand in the clear";
  } catch {
    return undefined;
  }
}

function vaultFile(text: string): string | undefined {
  if (isEncrypted(text)) return undefined;
  for (const line of text.split('\n')) {
    const [, key = '', value = ''] = /^[\s{,]*["']?([\w.-]{2,64})["']?\s*[:=]\s*["']?([^"',}]*)/.exec(line) ?? [];
    if (isSecretName(key) && !isUnset(value)) return `holds ${key} in a vault folder`;
  }
  return undefined;
}
