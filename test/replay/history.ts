import { readdirSync, readFileSync } from 'node:fs';
import { join, relative, resolve, sep } from 'node:path';
import type { Snapshot } from '../../src/core/snapshot.ts';
import { migrations, type MigrationFolder } from '../../src/facts/migrations.ts';
import { replay, type Replay, type Schema } from '../../src/facts/schema/schema.ts';
import { sqlFile } from '../../src/facts/sql/files.ts';
import { isNotice } from '../../src/core/notice.ts';
import { memorySnapshot } from '../../src/repo/memory.ts';

/** A folder on disk as a snapshot; `rewrite` stands in for whatever a runner does to the text. */
export function folderSnapshot(
  folder: string,
  layout: string | undefined,
  rewrite: (text: string) => string,
): Snapshot {
  const root = resolve(folder);
  // Shapes are told by the last folders of the path.
  const dir = root.split(sep).slice(-2).join('/');
  const files: Record<string, string> = {};
  for (const entry of readdirSync(root, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile() || !/\.(?:sql|json|toml|ts|js|go)$/.test(entry.name)) continue;
    const path = join(entry.parentPath, entry.name);
    files[`${dir}/${relative(root, path).split(sep).join('/')}`] = rewrite(readFileSync(path, 'utf8'));
  }
  const snapshot = memorySnapshot(files, folder);
  return layout === undefined
    ? snapshot
    : { ...snapshot, declared: { ...snapshot.declared, migrations: [{ layout, dir }] } };
}

export interface Replayed {
  readonly folder: MigrationFolder;
  readonly replay: Replay;
  /** The statements of the way up, in order. */
  readonly statements: readonly { readonly path: string; readonly text: string }[];
  /** Milliseconds of processor time: reading and parsing, then the replay. */
  readonly times: readonly [parse: number, replay: number];
}

export async function replayed(snapshot: Snapshot): Promise<Replayed> {
  const { folders } = await migrations(snapshot);
  const folder = [...folders].sort((a, b) => b.migrations.length - a.migrations.length)[0];
  if (!folder) throw new Error('no folder of migrations is recognised: name its layout');
  const start = process.cpuUsage();
  const statements: { path: string; text: string }[] = [];
  for (const { path } of folder.migrations) {
    const file = await sqlFile(snapshot, path);
    if (isNotice(file)) continue;
    for (const statement of file.statements) {
      // Bodies are read once, by whoever asks first: here, so that the second time is the replay's own.
      if (statement.operations[0]?.kind === 'do') statement.nested();
      if (statement.section === 'up') statements.push({ path, text: statement.text });
    }
  }
  const parsed = process.cpuUsage(start);
  const middle = process.cpuUsage();
  const made = await replay(snapshot, folder);
  return { folder, replay: made, statements, times: [spent(parsed), spent(process.cpuUsage(middle))] };
}

const spent = ({ user, system }: NodeJS.CpuUsage): number => (user + system) / 1000;

/** What both sides are compared by: one line an object. */
export function linesOf(schema: Schema, ignored: ReadonlySet<string>): Set<string> {
  const lines = new Set<string>();
  const isOurs = ({ schema: own }: { readonly schema: string }): boolean => !ignored.has(own);
  const print = ({ schema: own, name }: { readonly schema: string; readonly name: string }): string => `${own}.${name}`;
  for (const table of schema.tables()) {
    const name = print(table.name);
    for (const policy of table.policies) {
      lines.add(
        `policy ${name} ${policy.name}: ${policy.command} ${policy.permissive} ${[...policy.roles].sort().join(',')} ${policy.using !== undefined} ${policy.withCheck !== undefined}`,
      );
    }
    for (const trigger of table.triggers)
      lines.add(
        `trigger ${name} ${trigger.name}: ${trigger.function.name} ${trigger.timing} ${[...trigger.events].sort().join(',')} ${trigger.forEach} ${trigger.enabled}`,
      );
    if (!isOurs(table.name)) continue;
    lines.add(
      `table ${name}: ${table.kind} rls=${table.rowSecurity}/${table.forceRowSecurity} of=${table.parents.map(print).sort().join(',')}`,
    );
    for (const {
      name: column,
      type,
      notNull,
      default: value,
      sequence,
      generated,
      identity,
    } of table.columns.values()) {
      const serial = sequence !== undefined && identity === undefined;
      lines.add(
        `column ${name}.${column}: ${type?.name ?? 'of a query'}${'[]'.repeat(Math.min(type?.dimensions ?? 0, 1))} ${notNull ? 'not null' : 'null'} default=${(value !== undefined && value.literal?.kind !== 'null') || serial} generated=${generated !== undefined} identity=${identity ?? ''}`,
      );
    }
    for (const { kind, name: constraint, columns, references, validated } of table.constraints) {
      const own = kind === 'check' ? [...columns].sort() : columns;
      lines.add(
        `constraint ${name} ${constraint}: ${kind} (${own.join(',')})${references ? ` -> ${print(references.table)} (${references.columns.join(',')}) ${references.onDelete}/${references.onUpdate}` : ''} ${validated}`,
      );
    }
    for (const index of table.indexes) lines.add(indexLine(index));
  }
  for (const view of schema.views()) {
    const name = print(view.name);
    if (!isOurs(view.name)) continue;
    lines.add(`view ${name}: ${view.kind}`);
    if (view.columnsKnown && !view.columns.includes('')) lines.add(`view columns ${name}: ${view.columns.join(',')}`);
    for (const index of view.indexes) lines.add(indexLine(index));
    for (const trigger of view.triggers)
      lines.add(
        `trigger ${name} ${trigger.name}: ${trigger.function.name} ${trigger.timing} ${[...trigger.events].sort().join(',')} ${trigger.forEach} ${trigger.enabled}`,
      );
  }
  for (const { name, ownedBy } of schema.sequences()) {
    if (isOurs(name))
      lines.add(`sequence ${print(name)}: ${ownedBy ? `${print(ownedBy.table)}.${ownedBy.column}` : ''}`);
  }
  for (const { name, signature, kind } of schema.allRoutines()) {
    if (isOurs(name)) lines.add(`${kind} ${print(name)}/${signature.length}`);
  }
  for (const { name, kind, values, constraints, columns } of schema.types()) {
    if (!isOurs(name)) continue;
    lines.add(
      `type ${print(name)}: ${kind} ${values.join(',')} ${constraints
        .map((own) => own.name)
        .sort()
        .join(',')} ${[...columns.keys()].join(',')}`.trimEnd(),
    );
  }
  for (const { name } of schema.namespaces()) if (!ignored.has(name)) lines.add(`schema ${name}`);
  for (const { name, tables, allTables } of schema.publications())
    lines.add(`publication ${name}: ${allTables} ${tables.map(print).sort().join(',')}`.trimEnd());
  return lines;
}

const indexLine = ({
  name,
  table,
  unique,
  method,
  keys,
  include,
  where,
  constraint,
}: ReturnType<Schema['tables']>[number]['indexes'][number]): string =>
  `index ${name.schema}.${name.name} on ${table.name}: ${unique ? 'unique ' : ''}${method} (${keys.map(({ column }) => column ?? '*').join(',')}) include (${include.join(',')}) ${where ? 'where' : ''} ${constraint === undefined ? '' : 'constraint'}`.trimEnd();
