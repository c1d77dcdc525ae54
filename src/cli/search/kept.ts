import type { Cache } from '../../core/cache.ts';
import type { Notice } from '../../core/notice.ts';
import type { Ids } from '../../repo/ids.ts';
import type { Hit } from './past.ts';

/** What searching a history gave, as far as it went. No secret is in it. */
export interface Searched {
  readonly hits: readonly Hit[];
  readonly notices: readonly Notice[];
  readonly commits: number;
  readonly objects: number;
  readonly lfs: number;
  /** Where all refs stood when everything they led to had been searched; absent where it was broken off. */
  readonly tips?: readonly string[];
}

/** A search that goes on where the last one ended, for one set of formats. */
export interface KeptSearch {
  load(): Searched | undefined;
  /** The objects that were searched. */
  loadIds(ids: Ids): void;
  save(searched: Searched, ids: Ids): void;
}

interface Stored extends Searched {
  readonly chunks: number;
}

/** `open`: a cache that writes when it is closed. */
export function keptSearch(open: () => (Cache & { close(): void }) | undefined, formats: string): KeptSearch {
  const key = (part: string) => `${part} ${formats}`;
  let chunks = 0;
  let saved = 0;
  const using = <T>(work: (shelf: ReturnType<Cache['shelf']>) => T): T | undefined => {
    const cache = open();
    try {
      return cache && work(cache.shelf('past'));
    } finally {
      cache?.close();
    }
  };
  return {
    load: () =>
      using((shelf) => {
        const bytes = shelf.get(key('searched'));
        if (!bytes) return undefined;
        const { chunks: count, ...searched } = JSON.parse(Buffer.from(bytes).toString('utf8')) as Stored;
        chunks = count;
        return { ...searched, hits: searched.hits.map(revived) };
      }),
    loadIds: (ids) =>
      using((shelf) => {
        for (let chunk = 0; chunk < chunks; chunk++) {
          const bytes = shelf.get(key(`ids ${chunk}`));
          if (bytes) ids.load(bytes);
        }
        saved = ids.size;
      }),
    save: (searched, ids) =>
      using((shelf) => {
        if (ids.size > saved) shelf.put(key(`ids ${chunks++}`), ids.since(saved));
        saved = ids.size;
        const stored: Stored = { ...searched, chunks };
        shelf.put(key('searched'), Buffer.from(JSON.stringify(stored)));
      }),
  };
}

/** JSON has no dates. */
function revived({ candidate, ...hit }: Hit): Hit {
  const { expires, brought, ...rest } = candidate;
  return {
    ...hit,
    candidate: {
      ...rest,
      ...(expires && { expires: new Date(expires) }),
      ...(brought && { brought: { ...brought, on: new Date(brought.on) } }),
    },
  };
}
