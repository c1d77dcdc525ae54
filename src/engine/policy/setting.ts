import type { RuleSetting } from '../../core/policy.ts';

/** An override's setting over the one that holds without it: where the override gives no options, those stay. */
export function onTop(setting: RuleSetting | undefined, over: RuleSetting): RuleSetting {
  if (over.options !== undefined || !setting) return over;
  const optionsOrigin = setting.optionsOrigin ?? setting.origin;
  return { severity: over.severity, options: setting.options, origin: over.origin, optionsOrigin };
}
