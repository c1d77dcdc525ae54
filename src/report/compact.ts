import { commandless, visible } from './escape.ts';
import { looking, severityPaint } from './look.ts';
import type { Reporter } from './report.ts';
import { isReported, letThrough, noticeSentence, outcome, spot } from './sentences.ts';

/** One line a finding, as compilers write them, and one for the outcome. */
export const compact: Reporter = (report, partly) => {
  const { paint } = looking(partly);
  const lines = report.findings.filter(isReported).map((finding) => {
    const severity = severityPaint(paint, finding.severity)(finding.severity);
    return `${visible(spot(finding))}: ${severity} ${visible(finding.message)} ${paint.dim(`[${visible(finding.rule)}]`)}`;
  });
  const notices = report.notices
    .filter(({ needed }) => needed)
    .map((notice) => `not judged: ${visible(noticeSentence(notice))}`);
  const last = [...outcome(report), letThrough(report)].filter((sentence) => sentence !== '').join(' ');
  return `${commandless([...lines, ...notices, last].join('\n'))}\n`;
};
