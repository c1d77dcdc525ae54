import { matcher } from '../core/globs.ts';
import type { Declared } from '../core/policy.ts';
import { templates, type Template } from '../core/templates.ts';

// A rule's options stay the same object for the whole of a run: each list is compiled once.
const tests = new WeakMap<readonly string[], Promise<(path: string) => boolean>>();
const readers = new WeakMap<readonly string[], WeakMap<Declared['identities'], Promise<Template>>>();

/** `matcher`, compiled once for each list. */
export function matching(globs: readonly string[]): Promise<(path: string) => boolean> {
  const test = tests.get(globs) ?? matcher(globs);
  tests.set(globs, test);
  return test;
}

/** `templates` for the declared identities, compiled once for each list. */
export function capturing(list: readonly string[], { identities }: Declared): Promise<Template> {
  const known = readers.get(list) ?? new WeakMap<Declared['identities'], Promise<Template>>();
  readers.set(list, known);
  const template = known.get(identities) ?? templates(list, { identities: Object.keys(identities) });
  known.set(identities, template);
  return template;
}

const foldedTests = new WeakMap<readonly string[], Promise<(path: string) => boolean>>();

/** `matching` for letters of either case: a name that says the same in other letters is the same name to its readers. */
export function matchingAnyCase(globs: readonly string[]): Promise<(path: string) => boolean> {
  const test = foldedTests.get(globs) ?? matcher(globs.map((glob) => glob.toLowerCase()));
  foldedTests.set(globs, test);
  return test.then((matches) => (path) => matches(path.toLowerCase()));
}

/** The folder of a path, '' for the root. */
export const folderOf = (path: string): string => path.slice(0, Math.max(0, path.lastIndexOf('/')));
