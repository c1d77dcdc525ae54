import { NO_CACHE, type Cache } from '../core/cache.ts';
import type { Resolution, ResolveInput } from '../engine/policy/resolve.ts';

type Resolve = (input: ResolveInput) => Promise<Resolution>;

/** Reading a policy's schema costs a hook more than Git does: what a policy was resolved to is kept, by all that went into it. */
export function remembering(resolve: Resolve, cache: Cache = NO_CACHE): Resolve {
  return async (input) => {
    const shelf = cache.shelf('policies');
    const { files, presets, layouts, baseDir, overridesFromCommandLine } = input;
    const key = JSON.stringify([files, presets, layouts, baseDir, overridesFromCommandLine]);
    const known = shelf.get(key);
    if (known) return JSON.parse(Buffer.from(known).toString('utf8')) as Resolution;
    const resolution = await resolve(input);
    // Problems are not kept: whoever mends them wants them judged anew.
    if ('ok' in resolution) shelf.put(key, Buffer.from(JSON.stringify(resolution)));
    return resolution;
  };
}
