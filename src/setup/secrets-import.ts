import type { CustomFormat } from '../facts/credentials/custom.ts';
import { isPattern } from '../facts/patterns.ts';

/** What other tools' files become in a policy, and what of them cannot be said there. */
export interface Imported {
  readonly formats: readonly CustomFormat[];
  readonly allow: readonly {
    readonly rules: readonly string[];
    readonly files: readonly string[];
    readonly reason: string;
  }[];
  /** A sentence for each thing that was left out. */
  readonly left: readonly string[];
}

type Json = Readonly<Record<string, unknown>>;
const list = (value: unknown): readonly unknown[] =>
  Array.isArray(value) ? value : value === undefined ? [] : [value];
const texts = (value: unknown): string[] => list(value).filter((one): one is string => typeof one === 'string');
const objects = (value: unknown): Json[] =>
  list(value).filter((one): one is Json => typeof one === 'object' && one !== null);

/** A parsed .gitleaks.toml. Its default rules are ours already; what it adds and what it lets through is taken over. */
export function fromGitleaks(config: Json, file: string): Imported {
  const formats: CustomFormat[] = [];
  const left: string[] = [];
  for (const rule of objects(config['rules'])) {
    const id = String(rule['id'] ?? 'unnamed');
    const { regex, keywords, entropy, secretGroup, description } = rule as Record<string, unknown>;
    if (typeof regex !== 'string') left.push(`${file}: the rule ${id} has no regex, so that it is about paths alone.`);
    else if (Number(secretGroup ?? 0) > 1)
      left.push(
        `${file}: the rule ${id} takes group ${String(secretGroup)}; name that group "secret" and declare it yourself.`,
      );
    else formats.push(...formatOf(id, description, regex, texts(keywords), entropy, file, left));
    if (objects(rule['allowlist']).length + objects(rule['allowlists']).length > 0)
      left.push(`${file}: the allowlist of the rule ${id} alone is not taken over.`);
  }
  if ((config['extend'] as Json | undefined)?.['disabledRules'])
    left.push(`${file}: disabledRules are turned off one by one, under "rules" or with "ignore".`);
  if (typeof (config['extend'] as Json | undefined)?.['path'] === 'string')
    left.push(`${file} extends another file: import that one, too.`);
  const allow: Imported['allow'][number][] = [];
  for (const one of [...objects(config['allowlist']), ...objects(config['allowlists'])]) {
    const reason = `imported from ${file}${typeof one['description'] === 'string' ? `: ${one['description']}` : ''}`;
    const files: string[] = [];
    for (const path of texts(one['paths'])) {
      const glob = globOf(path);
      if (glob) files.push(glob);
      else left.push(`${file}: the path ${path} is a regular expression that no glob can say.`);
    }
    if (files.length > 0) allow.push({ rules: ['secrets/*'], files, reason });
    for (const what of ['regexes', 'stopwords', 'commits'])
      if (texts(one[what]).length > 0)
        left.push(
          `${file}: ${what} of an allowlist are not taken over: allow what they let through with a comment, an entry of "allow", or the baseline.`,
        );
  }
  return { formats, allow, left };
}

/** A parsed .secretlintrc.json: the patterns of its pattern rule. The other rules are ours already. */
export function fromSecretlint(config: Json, file: string): Imported {
  const formats: CustomFormat[] = [];
  const left: string[] = [];
  for (const rule of objects(config['rules'])) {
    const options = (rule['options'] ?? {}) as Json;
    for (const one of objects(options['patterns'])) {
      for (const written of [...texts(one['pattern']), ...texts(one['patterns'])]) {
        const [, source = written, flags = ''] = /^\/(.*)\/([a-z]*)$/s.exec(written) ?? [];
        const name = String(one['name'] ?? 'pattern');
        const regex = (flags.includes('i') ? '(?i)' : '') + source.replaceAll(/\(\?<(?![=!])/g, '(?P<');
        formats.push(...formatOf(name, one['name'], regex, [], undefined, file, left));
      }
    }
    if (texts(options['allows']).length > 0)
      left.push(
        `${file}: "allows" of ${String(rule['id'])} are not taken over: use a comment, an entry of "allow", or the baseline.`,
      );
  }
  return { formats, allow: [], left };
}

/** A .secretlintignore, in the syntax of .gitignore. */
export function fromIgnoreFile(text: string, file: string): Imported {
  const files: string[] = [];
  const left: string[] = [];
  for (const line of text
    .split(/\r?\n/)
    .map((one) => one.trim())
    .filter((one) => one !== '' && !one.startsWith('#'))) {
    if (line.startsWith('!')) {
      left.push(`${file}: ${line} takes something back out, which an entry of "allow" cannot.`);
      continue;
    }
    const rooted = line.replace(/\/$/, '').includes('/');
    const glob = `${rooted ? '' : '**/'}${line.replace(/^\//, '').replace(/\/$/, '')}`;
    files.push(glob, ...(glob.endsWith('*') ? [] : [`${glob}/**`]));
  }
  return {
    formats: [],
    allow: files.length > 0 ? [{ rules: ['secrets/*'], files, reason: `imported from ${file}` }] : [],
    left,
  };
}

function formatOf(
  id: string,
  description: unknown,
  regex: string,
  keywords: readonly string[],
  entropy: unknown,
  file: string,
  left: string[],
): CustomFormat[] {
  const usable = keywords.filter((word) => /^[\x21-\x7e]{3,60}$/.test(word));
  const words = usable.length > 0 ? usable.slice(0, 20) : literalsOf(regex);
  if (!isPattern(regex)) {
    left.push(`${file}: the pattern of ${id} is not in RE2's syntax, or too large.`);
    return [];
  }
  if (words.length === 0) {
    left.push(`${file}: ${id} has no keyword of three letters or more, and would be tried everywhere.`);
    return [];
  }
  const names =
    typeof description === 'string' && description.length >= 3
      ? `a secret of the form "${description.slice(0, 60)}"`
      : `a secret of the form ${id}`;
  return [
    {
      id:
        id
          .toLowerCase()
          .replaceAll(/[^a-z0-9-]+/g, '-')
          .replace(/^-+/, '')
          .slice(0, 60) || 'imported',
      names,
      keywords: words,
      pattern: regex,
      ...(typeof entropy === 'number' && entropy > 0 && { entropy }),
      examples: { found: [], ignored: [] },
    },
  ];
}

/** The longest plain text that every match holds, as far as it can be told without doubt: outside of groups, classes and choices. */
function literalsOf(regex: string): string[] {
  if (/(?<!\\)\|/.test(regex.replaceAll(/\((?:[^()\\]|\\.)*\)/g, ''))) return [];
  const plain = regex
    .replace(/^\(\?i\)/, '')
    .replaceAll(/\((?:[^()\\]|\\.)*\)[*+?]?(?:\{[\d,]+\})?/g, ' ')
    .replaceAll(/\[(?:[^\]\\]|\\.)*\](?:[*+?]|\{[\d,]+\})*/g, ' ')
    .replaceAll(/\\([./-])/g, '$1')
    .replaceAll(/\\./g, ' ')
    .replaceAll(/.(?:[*+?]|\{[\d,]+\})/g, ' ')
    .replaceAll(/[\^$().|]/g, ' ');
  const words = plain.split(/\s+/).filter((word) => /^[\x21-\x7e]{3,60}$/.test(word));
  return words.sort((a, b) => b.length - a.length).slice(0, 1);
}

/** A glob for the commonest regular expressions of paths. */
function globOf(regex: string): string | undefined {
  const bare = regex.replace(/^\((?:\?:)?\^\|\/\)|^\(\.\*\?\)|^\.\*\??/, '**/').replace(/\$$/, '');
  const rooted = bare.startsWith('^') ? bare.slice(1) : bare.startsWith('**/') ? bare : `**/${bare}`;
  const suffix = /^\*\*\/\\\.([\w-]+)$/.exec(rooted);
  if (suffix) return `**/*.${suffix[1]}`;
  const glob = rooted
    .replaceAll('\\/', '/')
    .replaceAll('\\.', '.')
    .replace(/\/\.\*$/, '/**')
    .replaceAll('.*', '*');
  if (!/^[\w./*@ -]+$/.test(glob)) return undefined;
  return glob.endsWith('/') ? `${glob}**` : glob;
}
