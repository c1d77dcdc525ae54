import type { ChangeSet, Commit } from '../src/core/change.ts';
import type { Location } from '../src/core/finding.ts';
import type { AnyRule, Catalogue, Example, Files } from '../src/core/rule.ts';
import { judge, type Terms, type Verdict } from '../src/engine/judge.ts';
import { readPolicy } from '../src/engine/policy/resolve.ts';
import { memoryChangeSet, memoryHeads } from '../src/repo/memory.ts';
import { presets } from '../rules/presets.ts';
import { rules } from '../rules/index.ts';

export const catalogue: Catalogue = { rules, presets };

const POLICY = 'repolicy.jsonc';

/** The change set that an example describes, its marks taken out. */
export function exampleChange(example: Example, head: Files = unmark(example.head).files): ChangeSet {
  const { base, commits = [], identity, message, branch, tag, branches, pullRequest, now = '2026-01-15T12:00:00Z' } = example;
  const { history, variables } = example;
  const rest = {
    commits: commits.map(fillCommit),
    now: new Date(now),
    ...(history && { history: async () => history.map(fillCommit) }),
    ...(variables && { variable: (name: string) => variables[name] }),
    ...(identity && { identity }),
    ...(message !== undefined && { message }),
    ...(branch !== undefined && { branch }),
    ...(tag !== undefined && { tag }),
    ...(pullRequest && { pullRequest }),
    ...(branches && { heads: memoryHeads(branches) }),
  };
  return memoryChangeSet(head, base, rest, example.modes);
}

const NOBODY = { name: 'Nobody', email: 'nobody@example.com' };

const fillCommit = (commit: Partial<Commit>, index: number): Commit => ({
  oid: String(index + 1)
    .repeat(40)
    .slice(0, 40),
  parents: [],
  author: NOBODY,
  committer: commit.author ?? NOBODY,
  date: new Date('2026-01-15T12:00:00Z'),
  committed: commit.date ?? new Date('2026-01-15T12:00:00Z'),
  message: 'feat: something\n',
  changes: [],
  ...commit,
});

/** Judges an example by its own rule alone (and those it names), through the same way that every command takes. */
export async function judgeExample(rule: AnyRule, example: Example, change = exampleChange(example)): Promise<Verdict> {
  return judge(change, await exampleTerms(rule, example, change));
}

/** The policy an example implies: its own files' where it holds one, else the rule with the example's options. */
export async function exampleTerms(rule: AnyRule, example: Example, { base, head }: ChangeSet): Promise<Terms> {
  if ((await head.read(POLICY)) !== undefined || (await base.read(POLICY)) !== undefined) {
    const policy = await policyOf(head);
    const basePolicy = await policyOf(base);
    return { catalogue, policy: policy ?? basePolicy!, ...(basePolicy && { basePolicy }), only: [rule.id] };
  }
  const { identities, migrations } = example.declared ?? {};
  const setting = example.options === undefined ? rule.severity : [rule.severity, example.options];
  const text = JSON.stringify({ identities, migrations, rules: { [rule.id]: setting, ...example.rules } });
  const policy = await policyOf(memoryChangeSet({ [POLICY]: text }).head);
  return { catalogue, policy: policy!, only: [rule.id, ...Object.keys(example.rules ?? {})] };
}

async function policyOf(snapshot: ChangeSet['head']) {
  const result = await readPolicy(snapshot, catalogue);
  if (!result || 'ok' in result) return result?.ok;
  throw new Error(result.problems.map(({ line, message }) => `${line}: ${message}`).join('\n'));
}

/** Takes the «marks» out of an example and says what they stood around, in reading order. */
export function unmark(head: Files): { files: Files; marks: Location[] } {
  const files: Record<string, string> = {};
  const marks: Location[] = [];
  for (const [markedPath, marked] of Object.entries(head).sort(([a], [b]) => (bare(a) < bare(b) ? -1 : 1))) {
    const path = bare(markedPath);
    if (path !== markedPath) marks.push(path ? { path } : {});
    let clean = '';
    for (const part of marked.split(/(«[^»]*»)/)) {
      if (part.startsWith('«')) marks.push({ path, range: [clean.length, clean.length + part.length - 2] });
      clean += bare(part);
    }
    if (path) files[path] = clean;
  }
  return { files, marks };
}

const bare = (text: string) => text.replace(/[«»]/g, '');
