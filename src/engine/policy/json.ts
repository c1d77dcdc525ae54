import type { Node } from 'jsonc-parser';
import { quoted } from '../../core/globs.ts';
import type { Range } from '../../core/finding.ts';
import type { Origin } from '../../core/policy.ts';
import { lineAndColumn, type Issue, type JsonPath, type PolicyProblem } from './problem.ts';

/** A JSON document with comments, read: its value, and where each part of it stands. */
export interface JsonDocument {
  readonly value: unknown;
  /** At the value that the issue is about, or the nearest one around it that exists. */
  problem(issue: Issue): PolicyProblem;
  origin(path: JsonPath): Origin;
  has(path: JsonPath): boolean;
}

/** In characters. A policy is written by hand. */
const LENGTH_LIMIT = 1_000_000;
const DEPTH_LIMIT = 64;

const PARSE_ERRORS = new Map([
  ['InvalidSymbol', 'This is no JSON value: text needs double quotes.'],
  ['InvalidNumberFormat', 'This is no number.'],
  ['PropertyNameExpected', 'A key in double quotes is expected here.'],
  ['ValueExpected', 'A value is expected here.'],
  ['ColonExpected', 'A ":" is expected here.'],
  ['CommaExpected', 'A "," is expected here.'],
  ['CloseBraceExpected', 'A "}" is expected here.'],
  ['CloseBracketExpected', 'A "]" is expected here.'],
  ['EndOfFileExpected', 'Nothing more is expected here.'],
  ['UnexpectedEndOfComment', 'This comment has no end.'],
  ['UnexpectedEndOfString', 'This text has no closing quote.'],
  ['InvalidUnicode', 'This is no Unicode escape: it takes four hexadecimal digits.'],
  ['InvalidEscapeCharacter', 'This escape does not exist: a backslash is written \\\\.'],
  ['InvalidCharacter', 'A control character stands here: it must be escaped.'],
]);

/** Reads a document, or the part of it below the top-level key `within`; undefined where that key is absent. */
export async function readJson(
  path: string,
  text: string,
  within?: string,
): Promise<JsonDocument | undefined | { readonly problems: readonly PolicyProblem[] }> {
  const { createScanner, parseTree, printParseErrorCode } = await import('jsonc-parser');
  const problemAt = ([start, end]: Range, message: string): PolicyProblem => ({
    path,
    ...lineAndColumn(text, start),
    range: [start, end],
    message,
  });
  const refuse = (range: Range, message: string) => ({ problems: [problemAt(range, message)] });

  if (text.length > LENGTH_LIMIT) return refuse([0, 0], `The file is longer than ${LENGTH_LIMIT} characters.`);
  // A byte order mark is no JSON; a space keeps the offsets.
  const clean = text.startsWith('\ufeff') ? ` ${text.slice(1)}` : text;
  // The parser recurses: depth is measured first, by the scanner.
  const scanner = createScanner(clean, true);
  let depth = 0;
  for (let token = scanner.scan(); token !== 17; token = scanner.scan()) {
    if (token === 1 || token === 3) depth++;
    else if (token === 2 || token === 4) depth--;
    const at = scanner.getTokenOffset();
    if (depth > DEPTH_LIMIT)
      return refuse([at, at + 1], `Nothing in a policy is nested more than ${DEPTH_LIMIT} deep.`);
  }
  const errors: Parameters<typeof parseTree>[1] = [];
  const root = parseTree(clean, errors, { allowTrailingComma: true });
  // What follows the first error is mostly its echo.
  const error = errors[0];
  if (error) {
    if (/^\s*$/.test(clean)) return refuse([0, 0], 'The file is empty: the least policy is {}.');
    const message = PARSE_ERRORS.get(printParseErrorCode(error.error)) ?? 'This is no JSON.';
    return refuse([error.offset, error.offset + error.length], message);
  }
  const top = within === undefined ? root : root && member(root, within)?.value;
  if (!top) return undefined;
  const problems: PolicyProblem[] = [];
  const value = valueOf(top, (node, message) => problems.push(problemAt(rangeOf(node), message)));
  if (problems.length) return { problems };

  const find = (at: JsonPath): { node: Node; whole: boolean } => {
    let node = top;
    for (const step of at) {
      const next = typeof step === 'number' ? node.children?.[step] : member(node, step)?.value;
      if (!next) return { node, whole: false };
      node = next;
    }
    return { node, whole: true };
  };
  return {
    value,
    problem({ path: at, key, message }) {
      const { node } = find(at);
      return problemAt(rangeOf((key !== undefined && member(node, key)?.key) || node), message);
    },
    origin(at) {
      const range = rangeOf(find(at).node);
      return { from: path, range, line: lineAndColumn(text, range[0]).line };
    },
    has: (at) => find(at).whole,
  };
}

const rangeOf = ({ offset, length }: Node): Range => [offset, offset + length];

function member(node: Node, name: string): { key: Node; value: Node } | undefined {
  if (node.type !== 'object') return undefined;
  for (const { children } of node.children ?? []) {
    const [key, value] = children ?? [];
    if (key?.value === name && value) return { key, value };
  }
  return undefined;
}

/** The library's own conversion would let a "__proto__" key set the prototype, and lets the last of two equal keys win. */
function valueOf(node: Node, refuse: (node: Node, message: string) => void): unknown {
  if (node.type === 'array') return (node.children ?? []).map((child) => valueOf(child, refuse));
  if (node.type !== 'object') {
    if (typeof node.value === 'number' && !Number.isFinite(node.value)) refuse(node, 'This number is too large.');
    return node.value;
  }
  const entries = new Map<string, unknown>();
  for (const { children } of node.children ?? []) {
    const [key, value] = children ?? [];
    if (!key || !value) continue;
    const name = String(key.value);
    if (name === '__proto__') refuse(key, 'A key cannot be named "__proto__".');
    else if (entries.has(name)) refuse(key, `The key ${quoted(name)} stands here twice.`);
    entries.set(name, valueOf(value, refuse));
  }
  return Object.fromEntries(entries);
}
