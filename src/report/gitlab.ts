import { createHash } from 'node:crypto';
import type { Severity } from '../core/finding.ts';
import { json, visible } from './escape.ts';
import type { Reporter } from './report.ts';
import { isReported, placedMessage } from './sentences.ts';

const SEVERITIES: Record<Severity, string> = { error: 'critical', warning: 'minor', info: 'info' };

/** GitLab's Code Quality report: what is reported, each with a fingerprint of its own, for GitLab shows equal ones once. */
export const gitlab: Reporter = (report) => {
  const seen = new Map<string, number>();
  const issues = report.findings.filter(isReported).map((finding) => {
    const { rule, severity, fingerprint, path, line, endLine, commit } = finding;
    const key = `${fingerprint}\0${commit ?? ''}`;
    const count = (seen.get(key) ?? 0) + 1;
    seen.set(key, count);
    return {
      check_name: visible(rule),
      description: visible(placedMessage(finding)),
      severity: SEVERITIES[severity],
      fingerprint: createHash('sha256').update(`${key}\0${count}`).digest('hex').slice(0, 40),
      location: { path: path ?? report.policyFile, lines: { begin: line ?? 1, end: endLine ?? 1 } },
    };
  });
  return `${json(issues, 2)}\n`;
};
