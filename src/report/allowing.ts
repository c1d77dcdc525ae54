import { asComment } from '../core/comments.ts';

/** The comment that allows a rule on its line and the next, in this file's own syntax; undefined where it has none. */
export const allowComment = (path: string, rule: string, reason: string): string | undefined =>
  asComment(path, `repolicy-allow ${rule}: ${reason}`);

/** The entry under "allow" in the policy file that does the same for a whole file, or for the change where there is no path. */
export const allowEntry = (path: string | null, rule: string, reason: string): string => {
  const parts = [
    `"rules": [${JSON.stringify(rule)}]`,
    ...(path === null ? [] : [`"files": [${JSON.stringify(path)}]`]),
  ];
  return `"allow": [{ ${parts.join(', ')}, "reason": ${JSON.stringify(reason)} }]`;
};
