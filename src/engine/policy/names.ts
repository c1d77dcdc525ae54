import { quoted } from '../../core/globs.ts';
import type { AnyRule } from '../../core/rule.ts';
import { nearest } from '../../core/nearest.ts';

/** "*" is every rule, "sql/*" every rule of a family; anything else is one rule's id. */
export const covers = (pattern: string, rule: string): boolean =>
  pattern === rule || pattern === '*' || (pattern.endsWith('/*') && rule.startsWith(pattern.slice(0, -1)));

/** The more a name says, the higher: an id over its family, a family over "*". */
export const specificity = (pattern: string): number => (pattern === '*' ? 0 : pattern.endsWith('/*') ? 1 : 2);

/** The rules that a policy's text can name. */
export interface RuleNames {
  readonly rules: ReadonlyMap<string, AnyRule>;
  /** Ids of the rules that a name or wildcard covers; a sentence where it covers none. */
  find(name: string): readonly string[] | string;
}

export function ruleNames(list: readonly AnyRule[]): RuleNames {
  const rules = new Map<string, AnyRule>(list.map((rule) => [rule.id, rule]));
  const families = new Set(list.map(({ id }) => `${id.slice(0, id.indexOf('/'))}/*`));
  const find = (name: string) => {
    if (rules.has(name)) return [name];
    if (name === '*' || families.has(name)) return [...rules.keys()].filter((rule) => covers(name, rule));
    const wildcard = name.includes('*');
    const meant = nearest(name, wildcard ? families : rules.keys());
    if (meant !== undefined) return `There is no rule ${quoted(name)}; did you mean ${quoted(meant)}?`;
    if (!wildcard) return `There is no rule ${quoted(name)}: "repolicy rules" lists them all.`;
    return `${quoted(name)} is no wildcard: there is "*" for every rule, and one for each family, such as "sql/*".`;
  };
  return { rules, find };
}
