import type { ChangeSet } from '../core/change.ts';
import type { Location } from '../core/finding.ts';
import { formatOf, readConfiguration } from './configuration.ts';
import { follow, readPointer, type Node } from './pointers.ts';
import { readProse } from './prose.ts';
import type { Snapshot } from '../core/snapshot.ts';

/** How one thing of the repository is released, as a policy has it. */
export interface Release {
  /** The file and the place in it whose version counts. */
  readonly file: string;
  readonly at: string;
  readonly also: readonly { readonly file: string; readonly at: string }[];
  readonly changelog?: string | undefined;
  /** "v{version}" */
  readonly tag: string;
}

export interface Disagreement {
  /** A sentence. */
  readonly says: string;
  readonly at: Location;
}

/** Where a release contradicts itself: asked when its tag is pushed, and when its version or a place of it changes. */
export async function* disagreements(set: ChangeSet, release: Release): AsyncIterable<Disagreement> {
  const { head, base, changes, tag } = set;
  const tagged = tag === undefined ? undefined : versionIn(tag, release.tag);
  const files = [release.file, ...release.also.map(({ file }) => file)];
  const touched = changes.some(
    ({ path, from }) => files.includes(path) || (from !== undefined && files.includes(from)),
  );
  if (tagged === undefined && !touched) return;
  const own = await versionAt(head, release.file, release.at);
  if (!own) {
    const place = { ...((await head.entry(release.file)) && { path: release.file }) };
    yield { says: `${release.file} has no version at ${release.at}.`, at: place };
    return;
  }
  const { version, range } = own;
  if (tagged !== undefined && tagged !== version) {
    yield { says: `The tag ${tag} and version ${version} of ${release.file} are not the same.`, at: {} };
  }
  for (const { file, at } of release.also) {
    const other = await versionAt(head, file, at);
    if (other && other.version !== version) {
      yield {
        says: `${file} has version ${other.version} at ${at}, and ${release.file} has ${version}.`,
        at: { path: file, range: other.range },
      };
    }
  }
  const before = await versionAt(base, release.file, release.at);
  if (release.changelog === undefined || (tagged === undefined && before?.version === version)) return;
  if (await isInChangelog(head, release.changelog, version)) return;
  const at = tagged === undefined ? { path: release.file, range } : {};
  yield { says: `${release.changelog} has no heading for version ${version}.`, at };
}

/** "v1.2.0" by "v{version}" is "1.2.0"; undefined for a tag of another kind. */
function versionIn(tag: string, template: string): string | undefined {
  const [before = '', after = ''] = template.split('{version}');
  if (!tag.startsWith(before) || !tag.endsWith(after) || tag.length < before.length + after.length) return undefined;
  const version = tag.slice(before.length, tag.length - after.length);
  return /^\d/.test(version) ? version : undefined;
}

async function versionAt(
  snapshot: Snapshot,
  file: string,
  at: string,
): Promise<{ version: string; range: Node['range'] } | undefined> {
  const text = await snapshot.read(file);
  const format = formatOf(file);
  const steps = readPointer(at);
  if (text === undefined || !format || typeof steps === 'string') return undefined;
  const read = await readConfiguration(format, text);
  const [node] = 'problem' in read ? [] : read.documents.flatMap((document) => follow(document, steps));
  const value = node?.value;
  return node && (typeof value === 'string' || typeof value === 'number')
    ? { version: String(value), range: node.range }
    : undefined;
}

/** A heading names the version: "## 1.2.0 (2026-01-15)", "## [1.2.0]", "# v1.2.0". */
async function isInChangelog(snapshot: Snapshot, path: string, version: string): Promise<boolean> {
  const text = await snapshot.read(path);
  if (text === undefined) return false;
  // A changelog may be long; what is asked about stands near its top.
  const prose = await readProse(text.slice(0, 100_000));
  const headings = 'problem' in prose ? [] : prose.sections.map(({ headingSource }) => headingSource);
  return headings.some((heading) => heading.split(/[^\w.+-]+/).some((word) => word.replace(/^v/i, '') === version));
}
