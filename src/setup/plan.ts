import type { Agent } from './agents.ts';
import type { CiProvider } from './ci-files.ts';
import type { Manager } from './managers.ts';
import type { Repository } from './repository.ts';

/** A file as it will be. */
export interface Write {
  readonly path: string;
  readonly text: string;
  readonly executable?: true;
  readonly reason: string;
}

/** What would be done to a repository: nothing in it has happened yet. */
export interface Plan {
  readonly manager: Manager;
  readonly writes: readonly Write[];
  /** Git's configuration in this clone. */
  readonly config?: Readonly<Record<string, string>>;
  /** husky is asked to switch the hooks of this folder on. */
  readonly husky?: string;
  /** The packages that package.json names are installed. */
  readonly install?: readonly string[];
  /** Run once everything is written and installed: a program, its arguments, and what to say where it cannot be started. */
  readonly activate?: { readonly run: readonly string[]; readonly otherwise: string };
  /** The running engine is noted for the hooks: nothing in the repository leads to it. */
  readonly noteEngine?: true;
  /** What only a person can do. */
  readonly left: readonly string[];
}

export interface Wish {
  /** Undefined: whichever the repository uses. */
  readonly manager?: Manager;
  /** Where CI judges as well. Undefined: whichever the repository uses, if any. */
  readonly ci?: CiProvider | 'none';
  /** Coding agents that are kept from stepping around the hooks. Undefined: those that have their file here. */
  readonly agents?: readonly Agent[];
  /** repolicy's own version. */
  readonly version: string;
}

/** How a file other than a hook of ours calls the engine. */
export const engineCommand = ({ package: found }: Repository): string =>
  found ? `node ${found.dir}node_modules/repolicy/dist/bin.cjs` : 'repolicy';

/** Indented, to stand below a sentence. */
export const indented = (text: string): string => text.replace(/^(?=.)/gm, '    ').trimEnd();
