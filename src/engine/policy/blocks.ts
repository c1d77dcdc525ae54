import { quoted } from '../../core/globs.ts';
import type { Severity } from '../../core/finding.ts';
import type { Origin } from '../../core/policy.ts';
import type { AnyRule, Zod } from '../../core/rule.ts';
import type * as zod from 'zod';
import { specificity, type RuleNames } from './names.ts';
import { nearest } from '../../core/nearest.ts';
import type { Issue, JsonPath } from './problem.ts';
import { inWords, kindOf } from './words.ts';

export const SEVERITIES = ['off', 'info', 'warning', 'error'] as const;

/** How much a severity asks: more is stricter. */
export const rank = (severity: Severity | 'off'): number => SEVERITIES.indexOf(severity);

/** Where settings are read from: a file, a preset, the command line. */
export interface Source {
  problem(issue: Issue): void;
  origin(path: JsonPath): Origin;
  /** All that is in it stands in one place: the name of a preset. */
  readonly whole?: true;
}

/** What one key of a block of rules says about one rule. */
export interface Said {
  readonly severity: Severity | 'off';
  /** Parsed; absent where only the severity is written. */
  readonly options?: { readonly value: unknown; readonly origin: Origin };
  readonly origin: Origin;
  readonly source: Source;
  /** In the source. */
  readonly path: JsonPath;
}

/** One "rules" object: each rule that it names, once. */
export type Block = ReadonlyMap<string, Said>;

export interface BlockReader {
  /** Within one block the more specific name wins, and of two equally specific ones the later. */
  read(value: unknown, path: JsonPath, source: Source): Block;
  /** What a rule's options are when nobody gives any; issues where it needs some. */
  defaults(rule: string): { readonly value: unknown } | { readonly issues: readonly Issue[] };
}

export function blockReader(names: RuleNames, z: Zod): BlockReader {
  const schemas = new Map<string, zod.ZodType>();
  const defaults = new Map<string, ReturnType<BlockReader['defaults']>>();
  const parse = (rule: AnyRule, value: unknown): ReturnType<BlockReader['defaults']> => {
    const schema: zod.ZodType = schemas.get(rule.id) ?? rule.options(z);
    schemas.set(rule.id, schema);
    // Each schema reads a value or two: compiling it first would take longer than it saves.
    const result = schema.safeParse(value, { jitless: true });
    return result.success ? { value: result.data } : { issues: inWords(result.error.issues, value, schema, rule.id) };
  };
  return {
    read(value, path, source) {
      const said = new Map<string, Said & { readonly level: number }>();
      if (!isObject(value)) return said;
      for (const [name, setting] of Object.entries(value)) {
        const found = names.find(name);
        if (typeof found === 'string') {
          source.problem({ path, key: name, message: found });
          continue;
        }
        const at = [...path, name];
        const complain = (issue: Issue) => source.problem({ ...issue, path: [...at, ...issue.path] });
        const read = readSetting(setting, complain);
        if (!read) continue;
        const level = specificity(name);
        let options: Said['options'];
        if ('options' in read) {
          if (level < 2) {
            complain({ path: [1], message: `Options belong to one rule, and ${quoted(name)} stands for several.` });
            continue;
          }
          const parsed = parse(names.rules.get(name)!, read.options);
          if ('issues' in parsed) {
            for (const issue of parsed.issues) complain({ ...issue, path: [1, ...issue.path] });
            continue;
          }
          options = { value: parsed.value, origin: source.origin([...at, 1]) };
        }
        for (const rule of found) {
          if ((said.get(rule)?.level ?? -1) > level) continue;
          const { severity } = read;
          said.set(rule, { severity, ...(options && { options }), origin: source.origin(at), source, path: at, level });
        }
      }
      return said;
    },
    defaults(rule) {
      const known = defaults.get(rule) ?? parse(names.rules.get(rule)!, {});
      defaults.set(rule, known);
      return known;
    },
  };
}

function readSetting(
  value: unknown,
  complain: (issue: Issue) => void,
): { severity: Severity | 'off'; options?: unknown } | undefined {
  const list = Array.isArray(value);
  if (list ? value.length < 1 || value.length > 2 : typeof value !== 'string') {
    const actual = list ? `a list of ${value.length}` : kindOf(value);
    complain({ path: [], message: `A rule is set to a severity, or to [severity, options], but this is ${actual}.` });
    return undefined;
  }
  const severity: unknown = list ? value[0] : value;
  const known = SEVERITIES.find((one) => one === severity);
  if (!known) {
    const meant = typeof severity === 'string' ? nearest(severity, SEVERITIES) : undefined;
    const written = typeof severity === 'string' ? quoted(severity) : kindOf(severity);
    const hint = meant ? `; did you mean ${quoted(meant)}?` : ': "error", "warning", "info" and "off" are.';
    complain({ path: list ? [0] : [], message: `${sentence(written)} is no severity${hint}` });
    return undefined;
  }
  if (!list || value.length === 1) return { severity: known };
  if (!isObject(value[1])) {
    complain({ path: [1], message: `Options are an object, but this is ${kindOf(value[1])}.` });
    return undefined;
  }
  return { severity: known, options: value[1] };
}

const sentence = (text: string): string => text[0]!.toUpperCase() + text.slice(1);

export const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
