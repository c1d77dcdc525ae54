import type * as zod from 'zod';
import type { AnyRule, Catalogue, Zod } from '../../core/rule.ts';
import { SEVERITIES } from './blocks.ts';
import { policyShape } from './shape.ts';

type Json = Record<string, unknown>;

/** The JSON Schema (draft 7, which editors know best) of a policy file: with it they complete and check as people type. */
export async function jsonSchema({ rules, presets }: Catalogue, layouts?: readonly string[]): Promise<Json> {
  const z = await import('zod');
  const { $schema, ...shape } = toSchema(policyShape(z, layouts), z);
  const properties = shape['properties'] as Record<string, Json>;
  const list = [...rules].sort((a, b) => (a.id < b.id ? -1 : 1));
  const settings = { $ref: '#/definitions/rules' };
  const options = list.map((rule) => optionsSchema(rule, z));
  const names = Object.entries(presets).map(([name, { about }]) => ({ const: name, description: about }));
  const preset = { anyOf: names };
  const overrides = properties['overrides']!['items'] as Json & { properties: Json };
  const allow = properties['allow']!['items'] as Json & { properties: Json };
  const allows = properties['allows'] as Json & { properties: Json };
  return {
    $schema,
    title: 'The policy file of repolicy',
    type: 'object',
    additionalProperties: false,
    properties: {
      ...properties,
      extends: { ...described(properties['extends']), anyOf: [preset, { type: 'array', items: preset }] },
      rules: { ...described(properties['rules']), ...settings },
      overrides: {
        ...properties['overrides'],
        items: { ...overrides, properties: { ...overrides.properties, rules: settings } },
      },
      allow: {
        ...properties['allow'],
        items: { ...allow, properties: { ...allow.properties, rules: ruleList(allow.properties['rules'] as Json) } },
      },
      allows: {
        ...allows,
        properties: { ...allows.properties, expiryFor: ruleList(allows.properties['expiryFor'] as Json) },
      },
    },
    definitions: {
      severity: {
        description: 'What a finding does: only "error" fails a check, unless --fail-on says otherwise.',
        enum: [...SEVERITIES],
      },
      rule: {
        description: 'A rule, or a wildcard: "*", "sql/*".',
        enum: ['*', ...familiesOf(list).map((family) => `${family}/*`), ...list.map(({ id }) => id)],
      },
      rules: {
        type: 'object',
        additionalProperties: false,
        properties: Object.fromEntries(list.map((rule, i) => [rule.id, settingSchema(rule, options[i]!.shape)])),
        patternProperties: Object.fromEntries(
          ['', ...familiesOf(list).map((family) => `${family}/`)].map((prefix) => [
            `^${prefix}\\*$`,
            {
              ...described({ description: prefix ? `Every rule of ${prefix}.` : 'Every rule.' }),
              anyOf: [SEVERITY, listOf([SEVERITY], 1)],
            },
          ]),
        ),
      },
      ...Object.fromEntries(options.flatMap(({ definitions }) => Object.entries(definitions))),
    },
  };
}

const SEVERITY = { $ref: '#/definitions/severity' };

const familiesOf = (rules: readonly AnyRule[]): string[] => [
  ...new Set(rules.map(({ id }) => id.slice(0, id.indexOf('/')))),
];

const ruleList = (list: Json): Json => ({ ...list, items: { $ref: '#/definitions/rule' } });

const described = (part: Json | undefined): Json => (part?.['description'] ? { description: part['description'] } : {});

const listOf = (items: readonly unknown[], least: number): Json => ({
  type: 'array',
  items,
  minItems: least,
  maxItems: items.length,
});

const settingSchema = ({ title, why, instead, severity }: AnyRule, options: Json): Json => ({
  title,
  description: `${why} ${instead}`,
  default: severity,
  anyOf: [SEVERITY, listOf([SEVERITY, options], 1)],
});

/** Options that hold themselves bring definitions of their own: these get names that no other rule's have. */
function optionsSchema({ id, options }: AnyRule, z: Zod): { shape: Json; definitions: Json } {
  const prefix = id.replace('/', '.');
  const renamed = (part: unknown): unknown => {
    if (Array.isArray(part)) return part.map(renamed);
    if (typeof part !== 'object' || part === null) return part;
    return Object.fromEntries(
      Object.entries(part).map(([key, value]) =>
        key === '$ref' && typeof value === 'string'
          ? [
              key,
              value === '#' ? `#/definitions/${prefix}` : value.replace('#/definitions/', `#/definitions/${prefix}.`),
            ]
          : [key, renamed(value)],
      ),
    );
  };
  const { $schema: _, definitions = {}, ...shape } = renamed(toSchema(options(z), z)) as Json & { definitions?: Json };
  const own = Object.entries(definitions).map(([name, part]) => [`${prefix}.${name}`, part] as const);
  const whole = JSON.stringify([shape, definitions]).includes(`"#/definitions/${prefix}"`);
  return {
    shape: whole ? { $ref: `#/definitions/${prefix}` } : shape,
    definitions: Object.fromEntries(whole ? [...own, [prefix, shape]] : own),
  };
}

const toSchema = (schema: zod.ZodType, z: Zod): Json =>
  z.toJSONSchema(schema, { target: 'draft-7', io: 'input', unrepresentable: 'any' }) as Json;
