import { xml } from './escape.ts';
import type { Reporter } from './report.ts';
import { groupedBy, isReported, placedMessage } from './sentences.ts';

/** Checkstyle's XML, which has errors in files and nothing else: what is about a commit or the change lies in the file "-". */
export const checkstyle: Reporter = (report) => {
  const findings = report.findings.filter(isReported);
  const files = [...groupedBy(findings, ({ path }) => path ?? '-')].flatMap(([path, group]) => [
    `  <file name="${xml(path)}">`,
    ...group.map((finding) => {
      const { line, column, severity, rule } = finding;
      const place = line === null ? '' : ` line="${line}" column="${column}"`;
      return `    <error${place} severity="${severity}" message="${xml(placedMessage(finding))}" source="${xml(`repolicy.${rule}`)}"/>`;
    }),
    '  </file>',
  ]);
  return `${['<?xml version="1.0" encoding="UTF-8"?>', '<checkstyle version="4.3">', ...files, '</checkstyle>'].join('\n')}\n`;
};
