import { checkstyle } from './checkstyle.ts';
import { compact } from './compact.ts';
import { github, githubSummary } from './github.ts';
import { gitlab } from './gitlab.ts';
import { html } from './html.ts';
import { json, jsonl } from './json.ts';
import { junit } from './junit.ts';
import { markdown } from './markdown.ts';
import { rdjson } from './rdjson.ts';
import type { Reporter } from './report.ts';
import { sarif } from './sarif.ts';
import { text } from './text.ts';

/** Every format by name. Ask with Object.hasOwn: names come from the command line. */
export const reporters: Readonly<Record<string, Reporter>> = {
  text,
  compact,
  json,
  jsonl,
  sarif,
  github,
  'github-summary': githubSummary,
  gitlab,
  junit,
  checkstyle,
  rdjson,
  markdown,
  html,
};
