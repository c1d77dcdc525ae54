import { json, visible } from './escape.ts';
import type { Place, Reporter, ReportedEdit, ReportedFinding } from './report.ts';
import { isReported, placedMessage } from './sentences.ts';

/** Reviewdog's format. Its columns count bytes of UTF-8. */
export const rdjson: Reporter = (report) =>
  `${json({ source: { name: 'repolicy' }, diagnostics: report.findings.filter(isReported).map(diagnostic) }, 2)}\n`;

function diagnostic(finding: ReportedFinding) {
  const { rule, severity, path, url, fix } = finding;
  // One suggestion is one replacement, and half of a fix that has several would be wrong.
  const edits = fix?.edits.length === 1 && fix.edits[0]!.path === path ? fix.edits : [];
  return {
    message: visible(placedMessage(finding)),
    location: location(finding),
    severity: severity.toUpperCase(),
    code: { value: visible(rule), ...(url && { url }) },
    ...(edits.length > 0 && { suggestions: edits.map((edit) => ({ range: range(edit), text: edit.text })) }),
  };
}

const location = (place: Place) => ({
  path: place.path ?? '',
  ...(place.line !== null && { range: range(place) }),
});

const range = ({ line, endLine, bytes }: Place | ReportedEdit) => ({
  start: { line, column: bytes?.column },
  end: { line: endLine, column: bytes?.endColumn },
});
