import type { Policy, Schema } from '../schema/schema.ts';
import { sameName } from './name.ts';
import type { Drop } from './operation.ts';
import type { Step } from './steps.ts';

/**
 * What the end of a migration lacks because of a DROP, in words that follow "Drops view v, and"; undefined where the object was not
 * there, where something of its name is there in the end, or where others do what it did.
 */
export function lossOf(operation: Drop, before: Schema, end: Schema): string | undefined {
  const { object, name, on, ifExists, cascade } = operation;
  const nothing = 'nothing in the file takes its place';
  switch (object) {
    case 'policy': {
      const policy = on && before.policy(on, name.name);
      if (!policy) return ifExists ? undefined : nothing;
      const table = end.table(on);
      if (!table?.rowSecurity) return undefined;
      return without(policy, table.policies);
    }
    case 'trigger':
      if (!on) return nothing;
      if (ifExists && !before.trigger(on, name.name)) return undefined;
      if (before.relation(on) && !end.relation(on)) return undefined;
      return end.trigger(on, name.name) ? undefined : nothing;
    case 'view':
    case 'materialized view':
      if (!before.view(name) && ifExists) return undefined;
      return end.relation(name) ? undefined : nothing;
    case 'function':
    case 'procedure':
    case 'routine':
    case 'aggregate': {
      const routines = before.routines(name);
      if (routines.length === 0 && ifExists) return undefined;
      // PostgreSQL keeps a trigger's function for as long as the trigger is there.
      const called =
        routines.length === 0 ||
        routines.some(({ returns }) => returns?.name !== 'trigger' && returns?.name !== 'event_trigger');
      return end.routines(name).length > 0 || (!called && !cascade) ? undefined : nothing;
    }
    case 'type':
    case 'domain':
      if (!before.type(name) && ifExists) return undefined;
      return end.type(name) ? undefined : nothing;
    case 'extension':
      if (before.status('extension', name).is === 'gone') return undefined;
      return end.extension(name.name) ? undefined : nothing;
    default:
      return nothing;
  }
}

/** Permissive policies let rows through, restrictive ones hold rows back: what is left without this one. */
function without(gone: Policy, left: readonly Policy[]): string | undefined {
  const alike = left.filter(({ permissive }) => permissive === gone.permissive);
  if (gone.command === 'all') {
    if (alike.length > 0) return undefined;
    return gone.permissive ? 'leaves none that lets any row through' : 'leaves none that holds rows back';
  }
  if (alike.some(({ command }) => command === gone.command || command === 'all')) return undefined;
  return gone.permissive
    ? `leaves none that lets anyone ${gone.command}`
    : `leaves none that restricts ${gone.command}`;
}

const ROUTINES: ReadonlySet<string> = new Set(['function', 'procedure', 'routine', 'aggregate']);
const TYPES: ReadonlySet<string> = new Set(['type', 'domain']);

/** Whether a step of the file makes a successor, gave the object its name only now, or takes away the table that it is on. */
export function succeeds({ operation }: Step, { object, name, on }: Drop): boolean {
  if (operation.kind === 'drop table') return on !== undefined && sameName(operation.name, on);
  if (operation.kind.startsWith('rename ') && 'to' in operation) return operation.to === name.name;
  if (!operation.kind.startsWith('create ') || !('object' in operation) || !('name' in operation)) return false;
  if (on) {
    // A successor may have another name.
    const target = 'table' in operation ? operation.table : 'on' in operation ? operation.on : undefined;
    return operation.object === object && target !== undefined && sameName(target, on);
  }
  const kin = (group: ReadonlySet<string>): boolean => group.has(object) && group.has(operation.object);
  const relation = /view$/.test(object) && /(?:view|table)$/.test(operation.object);
  return (operation.object === object || relation || kin(ROUTINES) || kin(TYPES)) && sameName(operation.name, name);
}
