import type { Node } from './pointers.ts';

// smol-toml gives values without places. Here the places are found, in a text that it has accepted: nothing is checked
// again, and no value is read.

interface Table {
  start: number;
  end: number;
  readonly children: Map<string, Table>;
}

/** Throws an Error in smol-toml's words where the text is not TOML. */
export async function readToml(text: string): Promise<Node> {
  const { parse, TomlDate } = await import('smol-toml');
  const plain = (value: unknown): unknown => {
    if (value instanceof TomlDate) return value.toISOString();
    if (typeof value === 'bigint') return Number(value);
    if (Array.isArray(value)) return value.map(plain);
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, plain(one)]));
  };
  const value = plain(parse(text, { integersAsBigInt: 'asNeeded' }));
  const decode = (key: string): string => String(Object.keys(parse(`${key} = 0`))[0]);
  return nodeOf(placesIn(text, decode), value);
}

const nodeOf = ({ start, end, children }: Table, value: unknown): Node => {
  const child = (key: string): readonly Node[] => {
    const table = children.get(key);
    if (!table || typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return [];
    return [nodeOf(table, (value as Record<string, unknown>)[key])];
  };
  return { value, range: [start, end], child, children: () => [...children.keys()].flatMap(child) };
};

function placesIn(text: string, decode: (key: string) => string): Table {
  let at = text.startsWith('\ufeff') ? 1 : 0;
  const table = (): Table => ({ start: at, end: at, children: new Map() });
  const skip = (space: RegExp) => {
    space.lastIndex = at;
    at += space.exec(text)?.[0].length ?? 0;
  };
  const blank = () => skip(/(?:[ \t\r\n]|#[^\n]*)*/y);

  const readKey = (): string[] => {
    const key = /[ \t]*("(?:[^"\\]|\\.)*"|'[^']*'|[\w-]+)[ \t]*(\.?)/y;
    const keys: string[] = [];
    for (;;) {
      key.lastIndex = at;
      const [whole = '', name = '', dot] = key.exec(text) ?? [];
      at += whole.length;
      keys.push(/^["']/.test(name) ? decode(name) : name);
      if (!dot) return keys;
    }
  };

  /** Goes into a table by a key. An array of tables is entered at its last. */
  const enter = (from: Table, key: string): Table => {
    const found = from.children.get(key) ?? table();
    from.children.set(key, found);
    return arrays.has(found) ? found.children.get(String(found.children.size - 1))! : found;
  };
  const arrays = new Set<Table>();

  const readValue = (): Table => {
    const node = table();
    const string = /"""(?:[^"\\]|\\[^]|"(?!""))*"{3,5}|'''[^]*?'{3,5}|"(?:[^"\\\n]|\\.)*"|'[^'\n]*'/y;
    string.lastIndex = at;
    const quoted = string.exec(text)?.[0];
    if (quoted !== undefined) at += quoted.length;
    else if (text[at] === '[') {
      at++;
      for (blank(); at < text.length && text[at] !== ']'; blank()) {
        node.children.set(String(node.children.size), readValue());
        blank();
        if (text[at] === ',') at++;
      }
      at++;
    } else if (text[at] === '{') {
      at++;
      for (blank(); at < text.length && text[at] !== '}'; blank()) {
        readPair(node);
        blank();
        if (text[at] === ',') at++;
      }
      at++;
    } else {
      const bare = /[^\s,\]}#]+(?: \d[^\s,\]}#]*)?/y;
      bare.lastIndex = at;
      at += Math.max(bare.exec(text)?.[0].length ?? 0, 1);
    }
    node.end = at;
    return node;
  };

  const readPair = (into: Table) => {
    const keys = readKey();
    const last = keys.pop() ?? '';
    at++; // =
    skip(/[ \t]*/y);
    keys.reduce(enter, into).children.set(last, readValue());
  };

  const root = table();
  let current = root;
  for (blank(); at < text.length; blank()) {
    if (text[at] !== '[') {
      readPair(current);
      continue;
    }
    const start = at;
    const isArray = text[at + 1] === '[';
    at += isArray ? 2 : 1;
    const keys = readKey();
    at += isArray ? 2 : 1;
    const last = keys.pop() ?? '';
    const parent = keys.reduce(enter, root);
    const end = at;
    if (isArray) {
      const array = parent.children.get(last) ?? table();
      arrays.add(array);
      parent.children.set(last, array);
      current = table();
      array.children.set(String(array.children.size), current);
      Object.assign(array, { start: array.children.size === 1 ? start : array.start, end });
    } else current = enter(parent, last);
    // A table's place is its header.
    Object.assign(current, { start, end });
  }
  root.end = text.length;
  return root;
}
