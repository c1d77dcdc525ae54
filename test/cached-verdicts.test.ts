import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { rules } from '../rules/index.ts';
import type { Cache } from '../src/core/cache.ts';
import type { ChangeSet } from '../src/core/change.ts';
import type { Example, Files } from '../src/core/rule.ts';
import type { Snapshot } from '../src/core/snapshot.ts';
import { judge, type Terms } from '../src/engine/judge.ts';
import { resolvePolicy } from '../src/engine/policy/resolve.ts';
import { catalogue, exampleChange, exampleTerms, unmark } from './example.ts';
import { EFFECTS } from './replay/effects.ts';

/** A cache in memory, and what lies in it. */
function memoryCache(): { readonly cache: Cache; readonly shelves: Map<string, Map<string, Uint8Array>> } {
  const shelves = new Map<string, Map<string, Uint8Array>>();
  const cache: Cache = {
    shelf: (name) => {
      const values = shelves.get(name) ?? new Map<string, Uint8Array>();
      shelves.set(name, values);
      return { get: (key) => values.get(key), put: (key, value) => void values.set(key, value) };
    },
  };
  return { cache, shelves };
}

/** The same trees as Git has them, with object ids; every path that is read is told. */
function asInGit(change: ChangeSet, read: (path: string) => void): ChangeSet {
  const known = ({ ...snapshot }: Snapshot): Snapshot => ({
    ...snapshot,
    content: (path) => {
      read(path);
      return snapshot.content(path);
    },
    read: (path) => {
      read(path);
      return snapshot.read(path);
    },
    entry: async (path) => {
      const entry = await snapshot.entry(path);
      const text = await snapshot.read(path);
      return (
        entry && {
          ...entry,
          oid: createHash('sha1')
            .update(text ?? '')
            .digest('hex'),
        }
      );
    },
  });
  return { ...change, base: known(change.base), head: known(change.head) };
}

/** Without a cache, with an empty one, and with what that run has left: the same bytes each time. Gives what the last one read. */
async function judgedThrice(change: ChangeSet, terms: Terms, { cache } = memoryCache()): Promise<ReadonlySet<string>> {
  let paths = new Set<string>();
  const verdict = async (more: Pick<Terms, 'cache'>) => {
    paths = new Set();
    return JSON.stringify(
      await judge(
        asInGit(change, (path) => paths.add(path)),
        { ...terms, ...more },
      ),
      null,
      1,
    );
  };
  const plain = await verdict({});
  expect(await verdict({ cache })).toBe(plain);
  expect(await verdict({ cache })).toBe(plain);
  return paths;
}

const OLD = Array.from(
  { length: 24 },
  (_, i) => Object.values(EFFECTS)[i] ?? `create table old${i} (id int primary key);`,
);

/** An example's migrations behind many older ones, of which its last file is what the change adds; undefined where it has none. */
function behindMany({ head, ...example }: Example): Example | undefined {
  const { files } = unmark(head);
  const numbered = Object.keys(files).filter((path) => /migrations\/\d+[^/]*\.sql$/.test(path));
  if (numbered.length === 0 || 'base' in example) return undefined;
  // Versions of one digit would stand among the old ones.
  const later = (path: string): string => path.replace(/(migrations\/)(\d{1,3})(?=\D)/, '$19$2');
  const moved: Files = Object.fromEntries(Object.entries(files).map(([path, text]) => [later(path), text]));
  const last = later(numbered.sort().at(-1)!);
  const [dir, width] = [last.slice(0, last.lastIndexOf('/')), /\/(\d+)/.exec(last)![1]!.length];
  const old: Files = Object.fromEntries(
    OLD.map((text, i) => [`${dir}/${String(i).padStart(width, '0')}_old.sql`, text]),
  );
  const { [last]: _, ...base } = moved;
  return { ...example, base: { ...old, ...base }, head: { ...old, ...moved } };
}

describe('no verdict depends on the cache', () => {
  const families = rules.filter(({ id }) => /^(?:sql|migrations)\//.test(id));
  let spared = 0;

  test.each(families.map((rule) => [rule.id, rule] as const))('%s', async (_, rule) => {
    for (const example of [...rule.examples.bad.slice(0, 3), ...rule.examples.good.slice(0, 3)]) {
      const moved = behindMany(example);
      if (!moved) continue;
      const change = exampleChange(moved, moved.head);
      const read = await judgedThrice(change, await exampleTerms(rule, moved, change));
      // The first one tells whose folder it is.
      if ([...read].filter((path) => path.endsWith('_old.sql')).length < 2) spared++;
    }
  });

  test('and what it keeps spares reading the old migrations', () => {
    expect(spared).toBeGreaterThan(200);
  });
});

describe('what is kept', () => {
  const terms = async (): Promise<Terms> => {
    const text = '{ "extends": ["recommended"], "rules": { "sql/*": "error" } }';
    const resolution = await resolvePolicy({ files: [{ path: 'repolicy.json', text }], catalogue });
    if (!('ok' in resolution)) throw new Error('the preset does not resolve');
    return { catalogue, policy: resolution.ok };
  };
  const history = (first: string): Files =>
    Object.fromEntries(OLD.map((text, i) => [`migrations/${100 + i}_old.sql`, i === 0 ? first : text]));
  const change = (first: string, added: string): ChangeSet => {
    const base = history(first);
    return exampleChange({ base, head: { ...base, 'migrations/200_new.sql': added } });
  };
  const textOf = (shelves: ReturnType<typeof memoryCache>['shelves']): string =>
    [...shelves.values()]
      .flatMap((shelf) => [...shelf.values()].map((value) => Buffer.from(value).toString()))
      .join('\n');

  test('holds no secret, and what was left out is there again', async () => {
    const token = ['sk', 'live', '51H8x2KJq3mN7pR9tVwXyZ4aB'].join('_');
    const first = `create function pay() returns text language sql as $$ select '${token}' $$;\ncreate table t (a text default '${token}');`;
    const memory = memoryCache();
    const added = 'drop table if exists t cascade; drop function pay();\nalter table old23 add column t text not null;';
    const read = await judgedThrice(change(first, added), await terms(), memory);
    expect([...read]).toContain('migrations/100_old.sql');
    expect([...read]).not.toContain('migrations/101_old.sql');
    expect(textOf(memory.shelves)).toContain('pay');
    expect(textOf(memory.shelves)).not.toContain(token.slice(8));
  });

  test("nor a role's password, whatever it looks like: then nothing is kept", async () => {
    const memory = memoryCache();
    await judgedThrice(change("create role app login password 'tulip';", 'drop table old23;'), await terms(), memory);
    expect(textOf(memory.shelves)).not.toContain('tulip');
  });

  test('the platform that a new migration asks for was there from the start', async () => {
    const memory = memoryCache();
    const plain = 'create table t (id uuid);';
    await judgedThrice(change(plain, 'drop table old23;'), await terms(), memory);
    await judgedThrice(
      change(plain, 'alter table t add foreign key (id) references auth.users;'),
      await terms(),
      memory,
    );
  });

  test('an old enum is known by its values, under whatever name', async () => {
    const first = "create type mood as enum ('sad'); create table t (m mood); alter type mood rename to feeling;";
    const added = "update t set m = 'sad' where m is null; alter type feeling rename value 'sad' to 'low';";
    const one = change(first, added);
    await judgedThrice(one, await terms());
    const { findings } = await judge(one, await terms());
    expect(findings.map(({ message }) => message).join('\n')).toMatch(/value sad/);
  });

  test('a search_path, temporary tables and ROLLBACK go on as they were', async () => {
    const first =
      'alter database app set search_path = app; create schema app; begin; create table undone (a int); rollback; create temp table gone (a int);';
    const added =
      'create table undone (a int); create table gone (a int); drop table app.undone; alter table gone drop column a;';
    await judgedThrice(change(first, added), await terms());
  });
});
