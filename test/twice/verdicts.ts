import type { Finding } from '../../src/core/finding.ts';
import { isNotice } from '../../src/core/notice.ts';
import type { AnyRule, Files } from '../../src/core/rule.ts';
import { fixAll, type Fixed } from '../../src/engine/fix.ts';
import { judge, type Terms } from '../../src/engine/judge.ts';
import { readPolicy } from '../../src/engine/policy/resolve.ts';
import { migrations } from '../../src/facts/migrations.ts';
import { sqlFile } from '../../src/facts/sql/files.ts';
import { memoryChangeSet } from '../../src/repo/memory.ts';
import addConstraint from '../../rules/sql/add-constraint-without-guard.ts';
import policy from '../../rules/sql/create-policy-without-drop.ts';
import trigger from '../../rules/sql/create-trigger-without-replace.ts';
import type_ from '../../rules/sql/create-type-without-guard.ts';
import create from '../../rules/sql/create-without-if-not-exists.ts';
import replace from '../../rules/sql/create-without-or-replace.ts';
import different from '../../rules/sql/different-second-run.ts';
import drop from '../../rules/sql/drop-without-if-exists.ts';
import insert from '../../rules/sql/insert-without-conflict-clause.ts';
import dml from '../../rules/sql/non-idempotent-dml.ts';
import rename from '../../rules/sql/rename-without-guard.ts';
import unnamed from '../../rules/sql/unnamed-object-accumulates.ts';

/** The rules that say what a second run of a file does. */
export const RULES: readonly AnyRule[] = [
  addConstraint,
  different,
  policy,
  trigger,
  type_,
  create,
  replace,
  drop,
  insert,
  dml,
  rename,
  unnamed,
];

/** One statement of a migration on its way up, and what the rules find in it. */
export interface Judged {
  readonly text: string;
  readonly line: number;
  readonly start: number;
  readonly end: number;
  /** The kind of its first operation. */
  readonly kind: string;
  /** It reads or writes rows, or runs code that may. */
  readonly touchesRows: boolean;
  readonly findings: readonly { readonly rule: string; readonly message: string }[];
}

export interface JudgedFile {
  readonly path: string;
  readonly statements: readonly Judged[];
  /** What the parser refuses, and what nobody can follow. */
  readonly unread: readonly string[];
}

const ROWS: ReadonlySet<string> = new Set([
  'insert',
  'update',
  'delete',
  'merge',
  'copy',
  'truncate',
  'select',
  'do',
  'call',
  'create table as',
]);

/** Judges a folder of migrations as an audit does, file by file in the order in which they run. */
export async function verdicts(files: Files, dir: string, layout: string): Promise<readonly JudgedFile[]> {
  const change = memoryChangeSet(files);
  const terms = await termsOf(dir, layout);
  const { findings } = await judge(change, terms);
  const head = { ...change.head, declared: terms.policy.declared };
  const byPath = new Map<string, Finding[]>();
  for (const finding of findings)
    byPath.set(finding.at.path ?? '', [...(byPath.get(finding.at.path ?? '') ?? []), finding]);
  const judged: JudgedFile[] = [];
  for (const { path } of (await migrations(head)).migrations) {
    const file = await sqlFile(head, path);
    if (isNotice(file)) continue;
    const own = byPath.get(path) ?? [];
    judged.push({
      path,
      unread: [...file.errors, ...file.notices].map(({ message }) => message),
      statements: file.statements
        .filter(({ section }) => section === 'up')
        .map(({ range: [start, end], text, operations }) => ({
          text,
          start,
          end,
          line: file.text.slice(0, start).split('\n').length,
          kind: operations[0]!.kind,
          touchesRows: operations.some(({ kind }) => ROWS.has(kind)),
          findings: own
            .filter(({ at }) => start <= at.range![0] && at.range![1] <= end)
            .map(({ rule, message }) => ({ rule, message })),
        })),
    });
  }
  const broken = findings.filter(({ failure }) => failure);
  if (broken.length > 0) throw new Error(broken.map(({ message }) => message).join('\n'));
  return judged;
}

/** The files once every fix is in. */
export async function fixed(files: Files, dir: string, layout: string): Promise<Fixed> {
  const change = memoryChangeSet(files);
  const terms = await termsOf(dir, layout);
  return fixAll(change, async (changed): Promise<readonly Finding[]> => (await judge(changed, terms)).findings);
}

async function termsOf(dir: string, layout: string): Promise<Terms> {
  const catalogue = { rules: RULES, presets: {} };
  const rules = Object.fromEntries(RULES.map(({ id }) => [id, 'warning']));
  const text = JSON.stringify({ migrations: [{ layout, dir }], rules });
  const result = await readPolicy(memoryChangeSet({ 'repolicy.jsonc': text }).head, catalogue);
  if (!result || !('ok' in result)) throw new Error(JSON.stringify(result?.problems));
  return { catalogue, policy: result.ok, allow: false };
}
