/**
 * What earlier runs worked out, kept for later ones. It may change no verdict: what is not there, is worked out anew. It lies
 * on the user's disk, so that nothing in it may be a secret, nor text that may hold one.
 */
export interface Cache {
  /** One shelf for each kind of work. A name is made of small letters and '-'. */
  shelf(name: string): Shelf;
}

export interface Shelf {
  /** Undefined where nothing is kept under that name, or nothing that can be trusted. */
  get(key: string): Uint8Array | undefined;
  /** `key` names all that the value follows from; the build of the engine goes without saying. */
  put(key: string, value: Uint8Array): void;
}

/** Keeps nothing. */
export const NO_CACHE: Cache = { shelf: () => ({ get: () => undefined, put: () => {} }) };
