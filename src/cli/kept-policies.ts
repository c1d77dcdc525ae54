import { NO_CACHE, type Cache, type Shelf } from '../core/cache.ts';
import type { Resolution, ResolveInput } from '../engine/policy/resolve.ts';

type Resolve = (input: ResolveInput) => Promise<Resolution>;

/** Reading a policy's schema costs a hook more than Git does: what a policy was resolved to is kept, by all that went into it. */
export function remembering(resolve: Resolve, cache: Cache = NO_CACHE): Resolve {
  // Base and head hold the same policy, most of the time.
  const asked = new Map<string, Promise<Resolution>>();
  const shelf = cache.shelf('policies');
  return (input) => {
    const { files, presets, layouts, baseDir, overridesFromCommandLine } = input;
    const key = JSON.stringify([files, presets, layouts, baseDir, overridesFromCommandLine]);
    const resolution = asked.get(key) ?? recalled(shelf, key, () => resolve(input));
    asked.set(key, resolution);
    return resolution;
  };
}

async function recalled(shelf: Shelf, key: string, resolve: () => Promise<Resolution>): Promise<Resolution> {
  const known = shelf.get(key);
  if (known) return JSON.parse(Buffer.from(known).toString('utf8')) as Resolution;
  const resolution = await resolve();
  // Problems are not kept: whoever mends them wants them judged anew.
  if ('ok' in resolution) shelf.put(key, Buffer.from(JSON.stringify(resolution)));
  return resolution;
}
