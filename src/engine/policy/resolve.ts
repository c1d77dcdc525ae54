import type { Catalogue } from '../../core/rule.ts';
import type { Snapshot } from '../../core/snapshot.ts';
import { resolvePolicy, type Resolution, type ResolveInput } from './combine.ts';
import type { PolicyProblem } from './problem.ts';

export { resolvePolicy } from './combine.ts';
export type { Resolution, ResolveInput } from './combine.ts';
export type { PolicyProblem } from './problem.ts';

/** Under any of these names, and under the "repolicy" key of package.json. */
export const POLICY_NAMES = ['repolicy.jsonc', 'repolicy.json', '.repolicy.jsonc', 'package.json'] as const;

/**
 * Reads a snapshot's policy: the root's, and those of `folders` ('packages/a/'); undefined where there is none.
 *
 * A nested policy judges only what lies below its folder, so a run needs those of the folders around the paths that
 * changed (`foldersAround`), and no listing of the tree: four look-ups a folder, a handful of folders. Whoever compares
 * two snapshots asks both for the same folders. `resolve` may be one that remembers.
 */
export async function readPolicy(
  snapshot: Snapshot,
  catalogue: Catalogue,
  folders: readonly string[] = [],
  given: Omit<ResolveInput, 'files' | 'catalogue'> = {},
  resolve: (input: ResolveInput) => Promise<Resolution> = resolvePolicy,
): Promise<Resolution | undefined> {
  const files: { path: string; text: string }[] = [];
  const problems: PolicyProblem[] = [];
  const candidates = ['', ...folders].flatMap((dir) => POLICY_NAMES.map((name) => dir + name));
  for (const read of await Promise.all(candidates.map((path) => readCandidate(snapshot, path)))) {
    if (read && 'message' in read) problems.push(read);
    else if (read) files.push(read);
  }
  if (problems.length) return { problems };
  if (files.length === 0) return undefined;
  const result = await resolve({ baseDir: '', ...given, files, catalogue });
  return 'ok' in result && result.ok.files.length === 0 ? undefined : result;
}

/** The policy files among a list of paths; a package.json may turn out to hold none. */
export const findPolicyFiles = (paths: readonly string[]): string[] =>
  paths.filter((path) => (POLICY_NAMES as readonly string[]).includes(path.slice(path.lastIndexOf('/') + 1)));

/** Every folder that has one of these paths in it, the root left out: 'packages/', 'packages/a/'. */
export function foldersAround(paths: Iterable<string>): string[] {
  const folders = new Set<string>();
  for (const path of paths) {
    for (let end = path.lastIndexOf('/'); end > 0; end = path.lastIndexOf('/', end - 1)) {
      const folder = path.slice(0, end + 1);
      if (folders.has(folder)) break;
      folders.add(folder);
    }
  }
  return [...folders].sort();
}

/** As a dependency or a script "repolicy" is text: such a package.json is not parsed. */
const HAS_POLICY = /"repolicy"\s*:\s*[^\s"]/;

async function readCandidate(
  snapshot: Snapshot,
  path: string,
): Promise<{ path: string; text: string } | PolicyProblem | undefined> {
  const entry = await snapshot.entry(path);
  if (!entry) return undefined;
  const manifest = path.endsWith('package.json');
  if (entry.kind !== 'file') {
    const message = 'The policy is a link: it must be a file of its own, so that a change of it is seen.';
    return manifest ? undefined : { path, message };
  }
  const content = await snapshot.content(path);
  if (content.kind === 'unreadable')
    return { path, message: `The policy cannot be read: ${content.why}.`, unreadable: true };
  if (content.kind !== 'text' || content.encoding === 'latin1') {
    return manifest ? undefined : { path, message: 'The policy is not text in UTF-8.' };
  }
  if (manifest && !HAS_POLICY.test(content.text)) return undefined;
  return { path, text: content.text };
}
