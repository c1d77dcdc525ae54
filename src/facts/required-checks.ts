import type { ChangeSet } from '../core/change.ts';
import type { Location } from '../core/finding.ts';
import { globProblem, matcher } from '../core/globs.ts';
import type { Notice } from '../core/notice.ts';
import { unread } from './files.ts';
import type { Node } from './pointers.ts';
import { readWorkflow } from './workflows.ts';

/** A workflow that must be there and run, as a policy has it. */
export interface RequiredCheck {
  readonly workflow: string;
  readonly on: readonly string[];
  readonly jobs: readonly string[];
  /** What pull requests are merged into: a filter of branches must let it through. */
  readonly branch?: string | undefined;
}

export interface MissingCheck {
  readonly says: string;
  readonly at: Location;
}

/** What keeps a required workflow from running on every pull request. Asked where it is touched, and where all is new. */
export async function* missingChecks(set: ChangeSet, check: RequiredCheck): AsyncIterable<MissingCheck | Notice> {
  const { workflow: path, on, jobs, branch } = check;
  const { head, base, changes } = set;
  const touched = changes.some(({ path: one, from }) => one === path || from === path);
  const entry = await head.entry(path);
  if (!entry) {
    const everythingIsNew = !touched && (await base.entry(path)) === undefined && (await base.paths()).length === 0;
    if (touched || everythingIsNew) yield { says: `The workflow ${path} is missing.`, at: touched ? { path } : {} };
    return;
  }
  if (!touched) return;
  const content = await head.content(path);
  if (content.kind !== 'text') {
    yield { ...unread(path, content), needed: true };
    return;
  }
  const read = await readWorkflow(content.text);
  if ('problem' in read) {
    yield { says: `${path} ${read.problem}.`, at: { path, ...(read.range && { range: read.range }) } };
    return;
  }
  const at = (node: Node | undefined): Location => ({ path, ...(node && { range: node.range }) });
  const [root] = read;
  // YAML 1.1 took a bare "on" for true, and so do some writers of workflows.
  const triggers = root?.child('on')[0] ?? root?.child('true')[0];
  for (const event of on) {
    const trigger = triggerOf(triggers, event);
    if (!trigger) {
      yield { says: `${path} does not run on ${event}.`, at: at(triggers) };
      continue;
    }
    for (const filter of ['paths', 'paths-ignore']) {
      const [node] = trigger.child(filter);
      const says = `${path} does not run on every ${event}: "${filter}" leaves some out, and a required check then waits for ever.`;
      if (node) yield { says, at: at(node) };
    }
    const [branches] = trigger.child('branches');
    const listed = branches?.children().flatMap(({ value }) => (typeof value === 'string' ? [value] : [])) ?? [];
    if (branch !== undefined && branches && !(await lets(listed, branch))) {
      yield { says: `${path} does not run on ${event} into ${branch}.`, at: at(branches) };
    }
    const types = trigger.child('types')[0];
    const named = types?.children().map(({ value }) => value) ?? [];
    const needed = event.startsWith('pull_request') ? ['opened', 'synchronize', 'reopened'] : [];
    const without = needed.filter((type) => !named.includes(type));
    if (types && without.length > 0 && named.length > 0) {
      yield { says: `${path} does not run when a pull request is ${without.join(', ')}.`, at: at(types) };
    }
  }
  for (const job of jobs) {
    const [node] = root?.child('jobs')[0]?.child(job) ?? [];
    const [condition] = node?.child('if') ?? [];
    const [tolerant] = node?.child('continue-on-error') ?? [];
    if (!node) yield { says: `${path} has no job ${job}.`, at: { path } };
    else if (condition && /^(?:\$\{\{\s*)?false(?:\s*\}\})?$/.test(String(condition.value).trim()))
      yield { says: `The job ${job} of ${path} never runs.`, at: at(condition) };
    else if (tolerant && String(tolerant.value) === 'true')
      yield { says: `The job ${job} of ${path} passes whatever happens in it.`, at: at(tolerant) };
  }
}

/** GitHub's filters are globs, near enough to ours. */
async function lets(filter: readonly string[], branch: string): Promise<boolean> {
  const usable = filter.filter((one) => globProblem(one) === undefined);
  return usable.length < filter.length || (await matcher(usable))(branch);
}

/** "on: push", "on: [push, pull_request]" or "on: { pull_request: ... }": the event's settings, or the place where it stands. */
function triggerOf(triggers: Node | undefined, event: string): Node | undefined {
  if (!triggers) return undefined;
  if (triggers.value === event) return triggers;
  if (Array.isArray(triggers.value)) return triggers.children().find(({ value }) => value === event);
  return triggers.child(event)[0];
}
