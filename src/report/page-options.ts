import type { AnyRule, Zod } from '../core/rule.ts';

export interface OptionRow {
  readonly name: string;
  /** What it takes, in words: "a list of texts". */
  readonly takes: string;
  /** Its default as JSON, cut short where it is long; undefined where it has none. */
  readonly fallback: string | undefined;
  readonly required: boolean;
  readonly meaning: string;
}

/** The part of JSON Schema that options come to. */
interface Schema {
  readonly type?: string | readonly string[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: Schema | boolean;
  readonly required?: readonly string[];
  readonly items?: Schema | boolean;
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly allOf?: readonly Schema[];
  readonly default?: unknown;
  readonly description?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: number;
}

/** A rule's options, as its own schema tells them. */
export function optionRows(rule: AnyRule, z: Zod): OptionRow[] {
  const schema = z.toJSONSchema(rule.options(z), { io: 'input', unrepresentable: 'any' }) as Schema;
  return Object.entries(schema.properties ?? {}).map(([name, option]) => ({
    name,
    takes: described(option),
    fallback: fallback(option),
    required: schema.required?.includes(name) ?? false,
    meaning: option.description ? `${option.description.replace(/\.$/, '')}.` : '',
  }));
}

const LONGEST = 120;

function fallback({ default: value }: Schema): string | undefined {
  if (value === undefined) return undefined;
  const text = JSON.stringify(value);
  if (text.length <= LONGEST) return text;
  const entries = Array.isArray(value) ? value : Object.keys(value as object);
  return `${text.slice(0, LONGEST)}… (${entries.length} entries)`;
}

const NAMES: ReadonlyMap<string, readonly [one: string, many: string]> = new Map([
  ['string', ['a text', 'texts']],
  ['number', ['a number', 'numbers']],
  ['integer', ['a whole number', 'whole numbers']],
  ['boolean', ['true or false', 'true or false']],
  ['null', ['null', 'null']],
]);

function described(schema: Schema, many = false): string {
  const { type, properties, additionalProperties, items, anyOf, oneOf, allOf, const: only } = schema;
  if (schema.enum) return schema.enum.map((value) => `\`${JSON.stringify(value)}\``).join(' or ');
  if (only !== undefined) return `\`${JSON.stringify(only)}\``;
  const choices = anyOf ?? oneOf;
  if (choices) return [...new Set(choices.map((choice) => described(choice, many)))].join(' or ');
  if (allOf) return allOf.map((part) => described(part, many)).join(' and ');
  if (Array.isArray(type)) return type.map((one: string) => described({ ...schema, type: one }, many)).join(' or ');
  if (type === 'array') {
    const held = typeof items === 'object' ? described(items, true) : 'anything';
    return `${many ? 'lists' : 'a list'} of ${held}`;
  }
  if (type === 'object') {
    if (properties && Object.keys(properties).length > 0)
      return `${many ? 'objects' : 'an object'} with ${keys(schema)}`;
    const held = typeof additionalProperties === 'object' ? described(additionalProperties, true) : 'anything';
    return `${many ? 'objects' : 'an object'} from name to ${held}`;
  }
  const named = NAMES.get(typeof type === 'string' ? type : '');
  return named ? named[many ? 1 : 0] + bounds(schema) : 'anything';
}

const keys = ({ properties = {}, required = [] }: Schema): string =>
  Object.entries(properties)
    .map(([name, schema]) => `\`${name}\`${required.includes(name) ? '' : ' (optional)'}: ${described(schema)}`)
    .join(', ');

function bounds({ type, minimum, maximum, exclusiveMinimum }: Schema): string {
  if (type !== 'number' && type !== 'integer') return '';
  const low =
    exclusiveMinimum !== undefined
      ? `above ${exclusiveMinimum}`
      : minimum !== undefined && minimum > Number.MIN_SAFE_INTEGER
        ? `from ${minimum}`
        : '';
  const high = maximum !== undefined && maximum < Number.MAX_SAFE_INTEGER ? `to ${maximum}` : '';
  return [low, high].some((part) => part !== '') ? ` ${[low, high].filter((part) => part !== '').join(' ')}` : '';
}
