import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Resolution, ResolveInput } from '../engine/policy/resolve.ts';
import { BUILD } from './version.ts';

type Resolve = (input: ResolveInput) => Promise<Resolution>;

/**
 * Reading a policy's schema costs a hook more than Git does, so that what a policy was resolved to is kept, under a name
 * made from all that went into it. Without a folder, or with one that cannot be written, each run resolves anew.
 */
export function remembering(resolve: Resolve, folder: string | undefined): Resolve {
  if (folder === undefined) return resolve;
  return async (input) => {
    const kept = join(folder, `policy-${nameOf(input)}.json`);
    const known = read(kept);
    if (known) return known;
    const resolution = await resolve(input);
    // Problems are not kept: whoever mends them wants them judged anew.
    if ('ok' in resolution) write(folder, kept, resolution);
    return resolution;
  };
}

/** The build stands for the catalogue. */
function nameOf({ files, presets, layouts, baseDir, overridesFromCommandLine }: ResolveInput): string {
  const all = [BUILD, files, presets, layouts, baseDir, overridesFromCommandLine];
  return createHash('sha256').update(JSON.stringify(all)).digest('hex').slice(0, 32);
}

function read(file: string): Resolution | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Resolution;
  } catch {
    return undefined;
  }
}

function write(folder: string, file: string, resolution: Resolution): void {
  try {
    mkdirSync(folder, { recursive: true });
    const own = `${file}.${process.pid}`;
    writeFileSync(own, JSON.stringify(resolution));
    renameSync(own, file);
  } catch {
    // Nothing is lost but time.
  }
}
