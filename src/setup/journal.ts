import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** What `init` did in this clone, so that `init --undo` can take it back. It lies in Git's folder. */
export interface Journal {
  /** By path: the text before (null: there was no file), the one that was written, and whether it became executable. */
  readonly files: Readonly<Record<string, Noted & { readonly executable?: true }>>;
  /** By key of Git's configuration: null where it was not set in this clone. */
  readonly config: Readonly<Record<string, Noted>>;
}

interface Noted {
  readonly before: string | null;
  readonly after: string;
}

const EMPTY: Journal = { files: {}, config: {} };
const fileOf = (commonDir: string): string => join(commonDir, 'repolicy', 'init.json');

export function readJournal(commonDir: string): Journal {
  try {
    const value = JSON.parse(readFileSync(fileOf(commonDir), 'utf8')) as Partial<Journal>;
    return { files: value.files ?? {}, config: value.config ?? {} };
  } catch {
    return EMPTY;
  }
}

/** Adds to what an earlier `init` noted: what stood before the first one is what counts, as long as nobody changed it since. */
export function note<K extends keyof Journal>(
  commonDir: string,
  kind: K,
  key: string,
  noted: Journal[K][string],
): void {
  const journal = readJournal(commonDir);
  const earlier = journal[kind][key];
  const first = earlier && earlier.after === noted.before ? { ...earlier, after: noted.after } : noted;
  const next = { ...journal, [kind]: { ...journal[kind], [key]: first } };
  mkdirSync(join(commonDir, 'repolicy'), { recursive: true });
  writeFileSync(fileOf(commonDir), `${JSON.stringify(next, undefined, 2)}\n`);
}

/** The journal, and what `init` noted for the hooks. Caches of later runs stay. */
export function forget(commonDir: string): void {
  for (const name of ['init.json', 'node', 'engine']) {
    const file = join(commonDir, 'repolicy', name);
    if (existsSync(file)) rmSync(file);
  }
}
