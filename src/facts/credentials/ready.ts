import type { ResolvedPolicy } from '../../core/policy.ts';
import type { Format } from './format.ts';
import { formats } from './formats/index.ts';
import { matcher, type Matcher } from './matcher.ts';

/** A format that a policy declares. */
export interface CustomFormat {
  readonly id: string;
}

const known = new Map<string, Promise<Matcher>>();

/** The matcher for all known formats and those that policies declare. Made once for each set of them. */
export function matcherWith(custom: readonly CustomFormat[]): Promise<Matcher> {
  const key = JSON.stringify(custom);
  const ready = known.get(key) ?? make(custom);
  known.set(key, ready);
  return ready;
}

let built: Matcher | undefined;
/** The matcher for what providers issue, without what policies declare. */
export const knownFormats = (): Matcher => (built ??= matcher(formats as readonly Format[]));

const make = async (_: readonly CustomFormat[]): Promise<Matcher> => knownFormats();

/** The formats that a policy declares, wherever in it. */
export const customFormats = (_: ResolvedPolicy): readonly CustomFormat[] => [];
