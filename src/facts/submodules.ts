import { defineFact } from '../core/fact.ts';
import { readIni } from './ini.ts';

/** What .gitmodules says of one submodule. */
export interface Submodule {
  readonly name: string;
  readonly path: string;
  readonly url: string | undefined;
}

/** By path. */
export const submodules = defineFact(async (snapshot): Promise<ReadonlyMap<string, Submodule>> => {
  const text = await snapshot.read('.gitmodules');
  const root = text === undefined ? undefined : readIni(text);
  const found = new Map<string, Submodule>();
  for (const node of root?.child('submodule') ?? []) {
    for (const name of Object.keys(node.value as object)) {
      const { path = name, url } = (node.child(name)[0]?.value ?? {}) as { path?: string; url?: string };
      found.set(path, { name, path, url });
    }
  }
  return found;
});
