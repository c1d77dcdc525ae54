import type { Shelf } from '../../core/cache.ts';
import type { Snapshot } from '../../core/snapshot.ts';
import { credentialRanges } from '../credentials/credentials.ts';
import { KEPT, laterHistory, type History, type HistoryState } from './history.ts';
import type { Gone } from './objects.ts';
import { packer, unpack, type Unpacker } from './packing.ts';
import type { Beginning } from './timeline.ts';

/** Where a replay stands after some migrations: all that the ones behind them can ask about. */
export interface Standing {
  readonly history: History;
  /** The search_path of a new session. */
  readonly path: readonly string[];
  /** What was found out about the texts so far. */
  readonly told: Told;
}

export interface Told {
  /** A text uses what the platform brings, or makes it itself. */
  readonly uses: boolean;
  readonly makes: boolean;
  /** The platform's objects were there from the start. */
  readonly platform: boolean;
  /** The first migration that does anything, and the schemas that it takes for granted. */
  readonly first: string | undefined;
  readonly granted: () => readonly string[];
}

/** A migration's text, where a secret may stand. */
export interface Text {
  readonly path: string;
  readonly text: string;
}

/** A stretch of a migration that is not written down, since a secret stands in it. */
type Stretch = readonly [path: string, start: number, end: number];

interface Head {
  readonly shapes: readonly (readonly string[])[];
  readonly common: readonly string[];
  readonly outside: readonly Stretch[];
  /** Of each timeline: the keys, the length of each value's text or what became of it, and the order of the present. */
  readonly timelines: readonly {
    readonly keys: readonly string[];
    readonly lengths: readonly number[];
    readonly gone: readonly (readonly [key: number, gone: unknown])[];
    readonly now: readonly number[];
  }[];
  readonly rest: unknown;
}

type Rest = HistoryState & Pick<Standing, 'path' | 'told'>;

/** Keeps where a replay stands. Nothing is kept where a secret could not be left out. */
export function keep(shelf: Shelf, name: string, standing: Standing, texts: readonly Text[]): void {
  const bytes = hasPassword(standing.history) ? undefined : written(standing, texts);
  if (bytes) shelf.put(name, bytes);
}

function written({ history, path, told }: Standing, texts: readonly Text[]): Buffer | undefined {
  const secrets: string[] = [];
  for (const { path: own, text } of texts) {
    const ranges = credentialRanges(own, text);
    if (!ranges) return undefined;
    for (const range of ranges) secrets.push(text.slice(...range));
  }
  const holdsSecret = (text: string): boolean => secrets.some((secret) => text.includes(secret));
  const common = texts.map(({ path }) => path);
  const { pack, shapes, outside } = packer(new Map(common.map((path, i) => [path, i])), holdsSecret);
  const bodies: string[] = [];
  const timelines = KEPT.map((timeline): Head['timelines'][number] => {
    const keys: string[] = [];
    const lengths: number[] = [];
    const gone: [number, unknown][] = [];
    for (const [key, value, fate] of history[timeline].present()) {
      const body = value === undefined ? '' : JSON.stringify(pack(value));
      bodies.push(body);
      lengths.push(Buffer.byteLength(body));
      if (fate) gone.push([keys.length, pack(fate)]);
      keys.push(key);
    }
    const places = new Map(keys.map((key, i) => [key, i]));
    return { keys, lengths, gone, now: [...history[timeline].now.keys()].map((key) => places.get(key)!) };
  });
  const { gaps, defaults, provided, constraintNames, inherits, temporary, time } = history;
  const state: Rest = { path, told, gaps, defaults, provided, constraintNames, inherits, temporary, time };
  const rest = pack(state);
  const stretches = outside.map((text) => stretchOf(text, texts));
  if (stretches.includes(undefined)) return undefined;
  const head: Head = { shapes, common, outside: stretches as Stretch[], timelines, rest };
  const headText = Buffer.from(JSON.stringify(head));
  const size = Buffer.alloc(4);
  size.writeUInt32LE(headText.length);
  return Buffer.concat([size, headText, Buffer.from(bodies.join(''))]);
}

function stretchOf(wanted: string, texts: readonly Text[]): Stretch | undefined {
  for (const { path, text } of texts) {
    const start = text.indexOf(wanted);
    if (start >= 0) return [path, start, start + wanted.length];
  }
  return undefined;
}

/** CREATE ROLE ... PASSWORD: nothing in its text need look like a secret. */
const hasPassword = ({ roles }: History): boolean =>
  [...roles.now.values()].some(({ options }) => typeof options.get('password') === 'string');

/** What was kept under that name; undefined where there is nothing, or where a text that belongs to it cannot be read. */
export async function recall(shelf: Shelf, name: string, snapshot: Snapshot): Promise<Standing | undefined> {
  const bytes = shelf.get(name);
  if (!bytes) return undefined;
  const whole = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const headEnd = 4 + whole.readUInt32LE(0);
  const head = JSON.parse(whole.toString('utf8', 4, headEnd)) as Head;
  const outside: string[] = [];
  for (const [path, start, end] of head.outside) {
    const text = await snapshot.read(path);
    if (text === undefined) return undefined;
    outside.push(text.slice(start, end));
  }
  const from: Unpacker = { shapes: head.shapes, common: head.common, outside };
  const { path, told, ...rest } = unpack(head.rest, from) as Rest;
  let offset = headEnd;
  const beginnings = head.timelines.map(({ keys, lengths, gone, now }): Beginning<unknown> => {
    const starts = lengths.map((length) => (offset += length) - length);
    const tell = (i: number) => () =>
      unpack(JSON.parse(whole.toString('utf8', starts[i]!, starts[i]! + lengths[i]!)), from);
    return {
      time: rest.time,
      keys,
      values: new Map(now.map((i) => [keys[i]!, tell(i)])),
      gone: new Map(gone.map(([i, packed]) => [keys[i]!, unpack(packed, from) as Gone])),
    };
  });
  return { path, told, history: laterHistory(rest, beginnings) };
}
