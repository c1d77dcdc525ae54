import type * as zod from 'zod';
import type { Zod } from '../core/rule.ts';
import { isDate, isDateTime } from './dates.ts';
import { pattern, patternOption } from './patterns.ts';

const TYPES = ['string', 'number', 'integer', 'boolean', 'null', 'array', 'object'] as const;
const FORMATS = ['date', 'date-time', 'email', 'uri', 'uuid'] as const;

/** The part of JSON Schema (2020-12) that policies may use. What is not here is refused, never overlooked. */
export interface JsonSchema {
  readonly type?: (typeof TYPES)[number] | readonly (typeof TYPES)[number][] | undefined;
  readonly enum?: readonly unknown[] | undefined;
  readonly const?: unknown;
  readonly pattern?: string | undefined;
  readonly format?: (typeof FORMATS)[number] | undefined;
  readonly minLength?: number | undefined;
  readonly maxLength?: number | undefined;
  readonly minimum?: number | undefined;
  readonly maximum?: number | undefined;
  readonly required?: readonly string[] | undefined;
  readonly properties?: Readonly<Record<string, JsonSchema>> | undefined;
  readonly additionalProperties?: boolean | undefined;
  readonly items?: JsonSchema | undefined;
  readonly minItems?: number | undefined;
  readonly maxItems?: number | undefined;
  readonly title?: string | undefined;
  readonly description?: string | undefined;
}

/** An option that holds a JSON Schema. */
export function jsonSchemaOption(z: Zod): zod.ZodType<JsonSchema> {
  const count = z.int().min(0).optional();
  const schema: zod.ZodType<JsonSchema> = z.strictObject({
    type: z.union([z.enum(TYPES), z.array(z.enum(TYPES)).min(1)]).optional(),
    enum: z.array(z.json()).min(1).optional(),
    const: z.json().optional(),
    pattern: patternOption(z).optional(),
    format: z.enum(FORMATS).optional(),
    minLength: count,
    maxLength: count,
    minimum: z.number().optional(),
    maximum: z.number().optional(),
    required: z.array(z.string()).optional(),
    properties: z
      .record(
        z.string(),
        z.lazy(() => schema),
      )
      .optional(),
    additionalProperties: z.boolean().optional(),
    items: z.lazy(() => schema).optional(),
    minItems: count,
    maxItems: count,
    title: z.string().optional(),
    description: z.string().optional(),
  });
  return schema;
}

/**
 * What is wrong with a value by a schema, each in words that follow its name ("tool" is missing). Values are not repeated,
 * since they may be secrets. Strings are measured in characters.
 */
export async function* violations(value: unknown, schema: JsonSchema, name = 'the value'): AsyncIterable<string> {
  const types = [schema.type ?? []].flat();
  if (types.length > 0 && !types.some((type) => isOf(type, value))) {
    yield `${name} is ${withArticle(typeName(value))}, not ${types.map(withArticle).join(' or ')}`;
    return;
  }
  if (schema.enum && !schema.enum.some((one) => sameJson(one, value))) {
    yield `${name} is none of ${schema.enum.map((one) => JSON.stringify(one)).join(', ')}`;
  }
  if (schema.const !== undefined && !sameJson(schema.const, value))
    yield `${name} is not ${JSON.stringify(schema.const)}`;
  if (typeof value === 'string') yield* ofString(value, schema, name);
  else if (typeof value === 'number') yield* ofNumber(value, schema, name);
  else if (Array.isArray(value)) yield* ofArray(value, schema, name);
  else if (typeof value === 'object' && value !== null) yield* ofObject(value as Record<string, unknown>, schema, name);
}

async function* ofString(value: string, schema: JsonSchema, name: string): AsyncIterable<string> {
  const { minLength = 0, maxLength = Infinity, format } = schema;
  const length = [...value].length;
  if (length < minLength) yield length === 0 ? `${name} is empty` : `${name} is shorter than ${minLength} characters`;
  if (length > maxLength) yield `${name} is longer than ${maxLength} characters`;
  if (schema.pattern !== undefined && !(await pattern(schema.pattern)).test(value))
    yield `${name} does not match ${schema.pattern}`;
  if (format && !FORM[format](value)) yield `${name} is no ${format}`;
}

function* ofNumber(
  value: number,
  { minimum = -Infinity, maximum = Infinity }: JsonSchema,
  name: string,
): Iterable<string> {
  if (value < minimum) yield `${name} is less than ${minimum}`;
  if (value > maximum) yield `${name} is more than ${maximum}`;
}

async function* ofArray(value: readonly unknown[], schema: JsonSchema, name: string): AsyncIterable<string> {
  const { minItems = 0, maxItems = Infinity, items } = schema;
  if (value.length < minItems) yield `${name} has fewer than ${minItems} items`;
  if (value.length > maxItems) yield `${name} has more than ${maxItems} items`;
  if (items) for (const [i, item] of value.entries()) yield* violations(item, items, child(name, `[${i}]`));
}

async function* ofObject(value: Record<string, unknown>, schema: JsonSchema, name: string): AsyncIterable<string> {
  const { required = [], properties = {}, additionalProperties = true } = schema;
  for (const key of required) if (!Object.hasOwn(value, key)) yield `${child(name, key)} is missing`;
  for (const [key, item] of Object.entries(value)) {
    if (Object.hasOwn(properties, key)) yield* violations(item, properties[key]!, child(name, key));
    else if (!additionalProperties) yield `${child(name, key)} is not allowed`;
  }
}

const child = (parent: string, key: string): string => {
  const path = /^"(.*)"$/.exec(parent)?.[1];
  return path === undefined ? `"${key}"` : `"${path}${key.startsWith('[') ? '' : '.'}${key}"`;
};

const isOf = (type: (typeof TYPES)[number], value: unknown): boolean =>
  type === 'integer' ? Number.isInteger(value) : type === 'null' ? value === null : type === typeName(value);

const typeName = (value: unknown): string => (value === null ? 'null' : Array.isArray(value) ? 'array' : typeof value);

const withArticle = (type: string): string => (type === 'null' ? type : `${/^[aio]/.test(type) ? 'an' : 'a'} ${type}`);

const FORM: { readonly [format in (typeof FORMATS)[number]]: (text: string) => boolean } = {
  date: isDate,
  'date-time': isDateTime,
  email: (text) => text.length <= 320 && /^[^\s@]+@[^\s@.]+(?:\.[^\s@.]+)*$/.test(text),
  uri: (text) => /^[a-z][a-z\d+.-]*:\S+$/i.test(text),
  uuid: (text) => /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/i.test(text),
};

/** Whether two JSON values are the same; the order of keys does not matter. */
export function sameJson(a: unknown, b: unknown): boolean {
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return a === b;
  if (Array.isArray(a) !== Array.isArray(b)) return false;
  const keys = Object.keys(a);
  return (
    keys.length === Object.keys(b).length &&
    keys.every((key) => Object.hasOwn(b, key) && sameJson((a as never)[key], (b as never)[key]))
  );
}
