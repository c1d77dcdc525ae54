import { failureOf } from './failures.ts';
import { protects, type Guard } from './guards.ts';
import type { Operation } from './operation.ts';
import { leftBehind, type Earlier } from './remade.ts';

/** What a file has dropped and made so far. */
export interface EarlierGuards {
  readonly add: (operations: readonly Operation[]) => void;
  /** Those that protect one of these operations. */
  readonly of: (operations: readonly Operation[]) => readonly Guard[];
}

const NONE: readonly Guard[] = [];

export function earlierGuards(around?: EarlierGuards): EarlierGuards {
  const byName = new Map<string, Earlier[]>();
  return {
    add: (operations) => {
      for (const operation of operations) {
        const guard = leftBehind(operation);
        if (!guard) continue;
        const known = byName.get(guard.name.name);
        if (known) known.push(guard);
        else byName.set(guard.name.name, [guard]);
      }
    },
    of: (operations) => {
      const outer = around?.of(operations) ?? NONE;
      if (byName.size === 0) return outer;
      const found = new Set<Guard>(outer);
      for (const operation of operations) {
        const candidates = namesIn(operation).flatMap((name) => byName.get(name) ?? []);
        if (candidates.length === 0) continue;
        const failure = failureOf(operation);
        for (const guard of candidates) if (protects(guard, failure, operation, '')) found.add(guard);
      }
      return found.size === 0 ? NONE : [...found];
    },
  };
}

/** The names under which something that protects the operation may have been dropped or made: its own, its table's, its schema's. */
function namesIn(operation: Operation): string[] {
  const own = leftBehind(operation)?.name;
  const table = 'table' in operation ? operation.table : undefined;
  return [own?.name, own?.schema, table?.name, table?.schema].filter((name) => name !== undefined);
}
