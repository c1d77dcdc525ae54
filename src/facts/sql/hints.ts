import type { SqlProblem } from './parse.ts';

interface Hint {
  /** Matches the statement up to the place of the error. */
  readonly before: RegExp;
  /** Matches the text from there on. */
  readonly here: RegExp;
  readonly says: (found: string) => string;
}

const upper = (words: string): string => words.toUpperCase().replace(/\s+/g, ' ').trim();

const HINTS: readonly Hint[] = [
  {
    before:
      /\bcreate\s+((?:constraint\s+)?trigger|policy|type|domain|role|user|publication|subscription|event\s+trigger|cast|operator|aggregate|view|function|procedure|rule|language)\s+(?:if\s+)?$/i,
    here: /^(?:if\s+)?not\b|^exists\b/i,
    says: (found) => `CREATE ${upper(found)} has no IF NOT EXISTS.`,
  },
  {
    before: /\bcreate\s+or\s+replace\s+$/i,
    here: /^(?:table|type|policy|index|schema|sequence|domain|role|extension|materialized)\b/i,
    says: () => 'There is no OR REPLACE for this kind of object.',
  },
  {
    before: /\bcreate\s+(?:unique\s+)?index\s+(?:concurrently\s+)?if\s+not\s+exists\s+$/i,
    here: /^on\b/i,
    says: () => 'IF NOT EXISTS needs an index that is named.',
  },
  {
    before: /\badd\s+constraint\s+(?:if\s+(?:not\s+)?)?$/i,
    here: /^(?:if|not|exists)\b/i,
    says: () => 'ADD CONSTRAINT has no IF NOT EXISTS.',
  },
  {
    before: /\brename\s+(?:column\s+)?(?:if\s+)?$/i,
    here: /^(?:if\s+)?exists\b/i,
    says: () => 'RENAME COLUMN has no IF EXISTS.',
  },
  { before: /[,(]\s*$/, here: /^\)/, says: () => 'The comma before it is one too many.' },
  { before: /$/, here: /^`/, says: () => 'PostgreSQL quotes names with ", not with backticks.' },
  { before: /$/, here: /^auto_?increment\b/i, says: () => 'PostgreSQL has GENERATED ALWAYS AS IDENTITY for this.' },
  { before: /$/, here: /^(?:<{7}|={7}|>{7})/, says: () => 'A merge conflict is left in the file.' },
];

/** What many people mean when PostgreSQL stumbles here; undefined where nothing better can be said. */
export function hintFor(text: string, { range, within }: SqlProblem): string | undefined {
  const before = text.slice(Math.max(within[0], range[0] - 200), range[0]);
  const here = text.slice(range[0], range[0] + 40);
  const hint = HINTS.find((candidate) => candidate.here.test(here) && candidate.before.test(before));
  return hint?.says(hint.before.exec(before)?.[1] ?? '');
}
