import type * as zod from 'zod';
import { quoted } from '../../core/globs.ts';
import { nearest } from '../../core/nearest.ts';
import type { Issue, JsonPath } from './problem.ts';

type ZodIssue = zod.core.$ZodIssue;
type Schema = zod.core.$ZodType;

/** Says in plain words what a schema found wrong with `value`. `owner` is the rule whose options these are, if any. */
export function inWords(issues: readonly ZodIssue[], value: unknown, schema: Schema, owner?: string): Issue[] {
  return issues.flatMap((issue) => explain(issue, value, schema, owner));
}

/** How the library puts it where a rule gives no words of its own. */
const OWN_WORDS = /^(?:Invalid|Too small|Too big|Unrecognized)/;

function explain(issue: ZodIssue, value: unknown, schema: Schema, owner: string | undefined): Issue[] {
  const path = issue.path as JsonPath;
  const actual = at(value, path);
  const name = path.length
    ? `${quoted(dotted(path))}${owner ? ` of ${owner}` : ''}`
    : owner
      ? `The options of ${owner}`
      : 'A policy';
  // What a secrets rule is told to let pass may be one.
  const secret = owner?.startsWith('secrets/') ?? false;
  const must = (what: string): Issue[] => [{ path, message: `${name} must ${what}.` }];
  if (issue.code === 'custom' || !OWN_WORDS.test(issue.message)) {
    const subject = typeof actual === 'string' && !secret ? quoted(actual) : name;
    // A rule may have put its complaint as a sentence of its own.
    const sentence = /^[A-Z].*\.$/s.test(issue.message);
    return [{ path, message: sentence ? `${subject}: ${issue.message}` : `${subject} ${issue.message}.` }];
  }
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.map((key) => ({
        path,
        key,
        message: unknownKey(key, keysAt(schema, path, value), path, owner),
      }));
    case 'invalid_type':
      if (actual === undefined) return [{ path: path.slice(0, -1), message: `${name} is missing.` }];
      return must(`be ${TYPES.get(issue.expected) ?? issue.expected}, but is ${kindOf(actual)}`);
    case 'invalid_value': {
      const values = issue.values.map(String);
      const meant = typeof actual === 'string' && !secret ? nearest(actual, values) : undefined;
      const but = actual === undefined ? 'is missing' : `is ${secret ? kindOf(actual) : shown(actual)}`;
      const hint = meant ? `; did you mean ${quoted(meant)}?` : '.';
      return [{ path, message: `${name} must be ${oneOf(issue.values.map(shown))}, but ${but}${hint}` }];
    }
    case 'too_small':
      return must(size('at least', Number(issue.minimum), issue.origin, issue.inclusive));
    case 'too_big':
      return must(size('at most', Number(issue.maximum), issue.origin, issue.inclusive));
    case 'not_multiple_of':
      return must(`be a multiple of ${issue.divisor}`);
    case 'invalid_format': {
      if (issue.format === 'date') return must('be a real date such as "2026-12-31"');
      if (issue.format === 'regex') return must(`match ${issue.pattern}`);
      return must(`be a valid ${issue.format}`);
    }
    case 'invalid_union':
      return union(issue, value, schema, owner, must);
    case 'invalid_key':
      return issue.issues.flatMap((inner) => {
        const key = String(path.at(-1));
        const why = inner.code === 'custom' ? inner.message : 'is not a name that may stand here';
        return [{ path: path.slice(0, -1), key, message: `The key ${quoted(key)} ${why}.` }];
      });
    default:
      return must('be otherwise');
  }
}

/** The complaint of the one alternative that was meant, where the kind of value tells which; else what all of them expect. */
function union(
  issue: Extract<ZodIssue, { code: 'invalid_union' }>,
  value: unknown,
  schema: Schema,
  owner: string | undefined,
  must: (what: string) => Issue[],
): Issue[] {
  const path = issue.path as JsonPath;
  const wrongKind = (inner: ZodIssue) =>
    inner.path.length === 0 && inner.code !== 'unrecognized_keys' && inner.code !== 'custom';
  const meant = issue.errors.find((errors) => !errors.some(wrongKind));
  if (meant)
    return inWords(
      meant.map((inner) => ({ ...inner, path: [...issue.path, ...inner.path] })),
      value,
      schema,
      owner,
    );
  const expected = issue.errors.flat().flatMap((inner) => {
    if (inner.code === 'invalid_type') return [TYPES.get(inner.expected) ?? inner.expected];
    return inner.code === 'invalid_value' ? inner.values.map(shown) : [];
  });
  if (expected.length)
    return must(
      `be ${oneOf([...new Set(expected)])}, but is ${owner?.startsWith('secrets/') ? kindOf(at(value, path)) : shown(at(value, path))}`,
    );
  return must('be one of the values that may stand here');
}

export function unknownKey(key: string, known: readonly string[], path: JsonPath, owner: string | undefined): string {
  const what = owner && path.length === 0 ? `option ${quoted(key)} of ${owner}` : `key ${quoted(key)}`;
  const meant = nearest(key, known);
  if (meant !== undefined) return `Unknown ${what}; did you mean ${quoted(meant)}?`;
  if (known.length === 0) return owner && path.length === 0 ? `Unknown ${what}, which takes none.` : `Unknown ${what}.`;
  return `Unknown ${what}: ${known.map(quoted).join(', ')} may stand here.`;
}

/** The keys that the schema knows at a path. */
function keysAt(schema: Schema, path: JsonPath, value: unknown): string[] {
  const def = schema._zod.def as unknown as Record<string, unknown>;
  if (def['innerType']) return keysAt(def['innerType'] as Schema, path, value);
  if (def['type'] === 'pipe') return keysAt(def['in'] as Schema, path, value);
  if (def['type'] === 'lazy') return keysAt((def['getter'] as () => Schema)(), path, value);
  if (Array.isArray(def['options']))
    return [...new Set(def['options'].flatMap((one: Schema) => keysAt(one, path, value)))];
  const [step, ...rest] = path;
  const shape = def['shape'] as Record<string, Schema> | undefined;
  if (step === undefined) return shape ? Object.keys(shape) : [];
  if (shape) return Object.hasOwn(shape, step) ? keysAt(shape[step]!, rest, value) : [];
  const inner = def['element'] ?? def['valueType'] ?? (def['items'] as Schema[] | undefined)?.[Number(step)];
  return inner ? keysAt(inner as Schema, rest, value) : [];
}

const TYPES = new Map([
  ['string', 'text'],
  ['number', 'a number'],
  ['int', 'a whole number'],
  ['boolean', 'true or false'],
  ['array', 'a list'],
  ['tuple', 'a list'],
  ['object', 'an object'],
  ['record', 'an object'],
  ['null', 'null'],
]);

export function kindOf(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'number') return Number.isInteger(value) ? 'a number' : `${value}`;
  return TYPES.get(typeof value) === 'true or false' ? String(value) : (TYPES.get(typeof value) ?? 'missing');
}

const shown = (value: unknown): string =>
  typeof value === 'object' && value !== null
    ? kindOf(value)
    : typeof value === 'string'
      ? quoted(value)
      : String(value);

export const oneOf = (names: readonly string[]): string =>
  names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} or ${names.at(-1)}`;

function size(bound: string, limit: number, origin: string, inclusive: boolean | undefined): string {
  if (origin === 'array' || origin === 'set') return `hold ${bound} ${limit} ${limit === 1 ? 'entry' : 'entries'}`;
  if (origin === 'string') return `be ${bound} ${limit} ${limit === 1 ? 'character' : 'characters'} long`;
  return `be ${inclusive === false ? (bound === 'at least' ? 'above' : 'below') : bound} ${limit}`;
}

const dotted = (path: JsonPath): string =>
  path.map((step, i) => (typeof step === 'number' ? `[${step}]` : i ? `.${step}` : step)).join('');

function at(value: unknown, path: JsonPath): unknown {
  let here = value;
  for (const step of path) {
    if (typeof here !== 'object' || here === null || !Object.hasOwn(here, step)) return undefined;
    here = (here as Record<string | number, unknown>)[step];
  }
  return here;
}
