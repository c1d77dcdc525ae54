import {
  GlobError,
  literal,
  nameTest,
  parse,
  pathTest,
  place,
  quoted,
  type Places,
  type Segment,
  type Token,
} from './globs.ts';
import { nearest } from './nearest.ts';
import type { Zod } from './rule.ts';

/** What a path held in place of a template's captures: { identity: 'data', date: '2026-01-31' }. */
export type Captures = ReadonlyMap<string, string>;

export interface TemplateNames {
  /** The declared identities: `{identity}` stands for one of them. */
  readonly identities: readonly string[];
}

/** A compiled list of templates: what the first one that matches captured, or undefined. */
export type Template = (path: string) => Captures | undefined;

// Real calendar dates are a regular language: no second look at 31 February is needed.
const calendar = (dash: string): string => {
  const leap = '(?:\\d\\d(?:0[48]|[2468][048]|[13579][26])|(?:[02468][048]|[13579][26])00)';
  const days = `(?:0[1-9]|1[0-2])${dash}(?:0[1-9]|1\\d|2[0-8])|(?:0[13-9]|1[0-2])${dash}(?:29|30)|(?:0[13578]|1[02])${dash}31`;
  return `(?:\\d{4}${dash}(?:${days})|${leap}${dash}02${dash}29)`;
};
const CAPTURES = new Map([
  ['date', calendar('-')],
  ['yyyymmdd', calendar('')],
]);
/** Twice what any file system holds. Two free captures in one name cost the square of it. */
const NAME_LIMIT = 512;
const BOUNDED = new Set([...CAPTURES.keys(), 'identity']);

/**
 * What is wrong with a path template, in words that follow its quotation; undefined where nothing is.
 *
 * A template is a glob in which `{identity}` stands for a declared identity, `{date}` for a real date such as 2026-01-31,
 * `{yyyymmdd}` for 20260131, and any other `{name}` for one or more characters of a name. A capture that stands twice must
 * hold the same text both times.
 */
export function templateProblem(template: string): string | undefined {
  const read = readTemplate(template);
  return typeof read === 'string' ? read : undefined;
}

/** A path template among a rule's options: a bad one is an error of the policy file, at its place. */
export const template = (z: Zod) =>
  z.string().superRefine((text, context) => {
    const problem = templateProblem(text);
    if (problem) context.addIssue({ code: 'custom', message: problem });
  });

/** Compiles a list of templates, negations included, as `matcher` does for globs. Throws GlobError. */
export async function templates(list: readonly string[], names: TemplateNames): Promise<Template> {
  const steps: { negated: boolean; test: Template }[] = [];
  for (const text of list) {
    const negated = isNegated(text);
    const alternatives = readTemplate(text);
    if (typeof alternatives === 'string') throw new GlobError(`${quoted(text)} ${alternatives}`);
    for (const segments of alternatives) steps.push({ negated, test: await compile(segments, names) });
  }
  if (!steps.some(({ negated }) => negated)) {
    return (path) => {
      for (const { test } of steps) {
        const captures = test(path);
        if (captures) return captures;
      }
      return undefined;
    };
  }
  const start = steps.every(({ negated }) => negated) ? NOTHING : undefined;
  return (path) => {
    let held: Captures | undefined = start;
    for (const { negated, test } of steps) {
      if (negated && held && test(path)) held = undefined;
      else if (!negated && !held) held = test(path);
    }
    return held;
  };
}

const NOTHING: Captures = new Map();

const isNegated = (text: string) => text.startsWith('!') && text[1] !== '(';

function readTemplate(text: string): Segment[][] | string {
  const alternatives = parse(isNegated(text) ? text.slice(1) : text, true);
  if (typeof alternatives === 'string') return alternatives;
  for (const segments of alternatives) {
    const seen = new Set<string>();
    let repeated = false;
    for (const segment of segments) {
      const captures = capturesOf(segment);
      if (captures.length === 0) continue;
      const unknown = captures.map(unknownCapture).find((problem) => problem !== undefined);
      if (unknown) return unknown;
      const tokens = segment as readonly Token[];
      if (tokens.some(({ kind }) => kind === 'any' || kind === 'class' || kind === 'not')) {
        return 'has a capture beside "?", "[...]" or "!(...)" in one name: only text and "*" may stand there';
      }
      if (tokens.some(({ kind }, i) => kind === 'capture' && tokens[i + 1]?.kind === 'capture')) {
        return 'has two captures side by side: nothing says where one ends and the next begins';
      }
      const loose = tokens.filter(
        (token) => token.kind === 'star' || (token.kind === 'capture' && !BOUNDED.has(token.name)),
      );
      if (loose.length > 2) return 'has more than two "*" or free captures in one name, which can take very long';
      repeated ||= captures.some((name, i) => seen.has(name) || captures.indexOf(name) !== i);
      for (const name of captures) seen.add(name);
    }
    if (repeated && segments.filter((segment) => segment === '**').length > 1) {
      return 'has a capture twice and "**" twice, which can take very long';
    }
  }
  return alternatives;
}

/** Any name may stand for a stretch of a name, but one that is nearly a capture with a meaning was meant to be that. */
function unknownCapture(name: string): string | undefined {
  if (BOUNDED.has(name)) return undefined;
  const dated = /^[ymd]{3,}$/i.test(name);
  const meant = dated ? (name.length > 6 ? 'yyyymmdd' : 'date') : nearest(name, BOUNDED);
  if (meant === undefined || (!dated && Math.abs(name.length - meant.length) > 1)) return undefined;
  // "data" is a word of its own, and one letter from "date".
  if (!dated && meant === 'date' && name.toLowerCase() !== 'date') return undefined;
  return `has the unknown capture {${name}}: did you mean {${meant}}? Dates are {date}, as 2026-01-31, and {yyyymmdd}`;
}

const capturesOf = (segment: Segment): string[] =>
  segment === '**' ? [] : segment.flatMap((token) => (token.kind === 'capture' ? [token.name] : []));

async function compile(segments: readonly Segment[], names: TemplateNames): Promise<Template> {
  if (segments.every((segment) => capturesOf(segment).length === 0)) {
    const test = await pathTest(segments);
    return (path) => (test(path) ? NOTHING : undefined);
  }
  const tests = await Promise.all(
    segments.map((segment) => {
      if (segment === '**') return segment;
      if (capturesOf(segment).length === 0) return nameTest(segment);
      const pattern = nameOf(segment, names, NOTHING);
      return (name: string) => {
        if (name.length > NAME_LIMIT)
          throw new GlobError(`${quoted(name)} is too long a name to be held against a template`);
        return pattern.test(name);
      };
    }),
  );
  return (path) => {
    const parts = path.split('/');
    const places = place(tests, parts);
    return places && capture(segments, places, parts, names);
  };
}

/** Reads the captures from left to right. What an earlier folder captured is fixed text in the ones after it. */
function capture(
  segments: readonly Segment[],
  places: Places,
  parts: readonly string[],
  names: TemplateNames,
): Captures | undefined {
  const captures = new Map<string, string>();
  for (const [i, segment] of segments.entries()) {
    const found = capturesOf(segment);
    if (found.length === 0) continue;
    const match = nameOf(segment, names, captures).exec(parts[places[i]!]!);
    if (!match) return undefined;
    for (const name of found) if (!captures.has(name)) captures.set(name, match.groups![name]!);
  }
  return captures;
}

function nameOf(segment: Segment, { identities }: TemplateNames, known: Captures): RegExp {
  const here = new Set<string>();
  const source = (segment as readonly Token[]).map((token) => {
    if (token.kind === 'star') return '[^/]*?';
    if (token.kind !== 'capture') return escaped(literal([token])!);
    const { name } = token;
    if (known.has(name)) return escaped(known.get(name)!);
    if (here.has(name)) return `\\k<${name}>`;
    here.add(name);
    return `(?<${name}>${name === 'identity' ? oneOf(identities) : (CAPTURES.get(name) ?? '[^/]+?')})`;
  });
  return new RegExp(`^${source.join('')}$`, 's');
}

/** Longest first: of the identities "dev" and "dev-ops", "dev-ops-x.md" is dev-ops'. None at all matches nothing. */
const oneOf = (identities: readonly string[]): string =>
  [...identities]
    .sort((a, b) => b.length - a.length)
    .map(escaped)
    .join('|') || '[]';

const escaped = (text: string) => text.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');
