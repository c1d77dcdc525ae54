/**
 * Facts as JSON: plain data, undefined, Maps, Sets, and functions without arguments, which are asked for what they give. Objects of
 * one shape share the list of their keys, and texts that occur often share one place.
 */
export interface Packer {
  readonly pack: (value: unknown) => unknown;
  /** Key lists, in the order of their numbers. */
  readonly shapes: readonly (readonly string[])[];
  /** The texts that `outside` stands for, in the order of their numbers. */
  readonly outside: readonly string[];
}

export interface Unpacker {
  readonly shapes: readonly (readonly string[])[];
  readonly common: readonly string[];
  readonly outside: readonly string[];
}

// What an array stands for, by its first number; from OBJECT on, an object of that shape.
const LIST = 0;
const MAP = 1;
const SET = 2;
const ANSWER = 3;
const NULL = 4;
const COMMON = 5;
const OUTSIDE = 6;
const OBJECT = 7;

/** `common`: texts to be named by their number. `isOutside`: texts that must not be written, and are put in by whoever reads. */
export function packer(common: ReadonlyMap<string, number>, isOutside: (text: string) => boolean): Packer {
  const shapes: (readonly string[])[] = [];
  const numbers = new Map<string, number>();
  const outside: string[] = [];
  const shapeOf = (keys: readonly string[]): number => {
    const name = keys.join('\n');
    let number = numbers.get(name);
    if (number === undefined) {
      number = shapes.push(keys) - 1;
      numbers.set(name, number);
    }
    return number;
  };
  const text = (value: string): unknown => {
    const number = common.get(value);
    if (number !== undefined) return [COMMON, number];
    return isOutside(value) ? [OUTSIDE, outside.push(value) - 1] : value;
  };
  const pack = (value: unknown): unknown => {
    switch (typeof value) {
      case 'string':
        return text(value);
      case 'undefined':
        return null;
      case 'function':
        return [ANSWER, pack((value as () => unknown)())];
      case 'number':
        if (Number.isFinite(value)) return value;
        break;
      case 'boolean':
        return value;
      case 'object': {
        if (value === null) return [NULL];
        if (Array.isArray(value)) return [LIST, ...value.map(pack)];
        if (value instanceof Map) return [MAP, ...[...value].flatMap(([key, item]) => [pack(key), pack(item)])];
        if (value instanceof Set) return [SET, ...[...value].map(pack)];
        if (Object.getPrototypeOf(value) !== Object.prototype) break;
        const keys = Object.keys(value);
        return [OBJECT + shapeOf(keys), ...keys.map((key) => pack((value as Record<string, unknown>)[key]))];
      }
    }
    throw new TypeError(`no plain data: ${typeof value}`);
  };
  return { pack, shapes, outside };
}

export function unpack(packed: unknown, from: Unpacker): unknown {
  if (packed === null) return undefined;
  if (!Array.isArray(packed)) return packed;
  const [kind, first] = packed as [number, unknown];
  switch (kind) {
    case LIST:
      return packed.slice(1).map((item) => unpack(item, from));
    case MAP: {
      const map = new Map<unknown, unknown>();
      for (let i = 1; i < packed.length; i += 2) map.set(unpack(packed[i], from), unpack(packed[i + 1], from));
      return map;
    }
    case SET:
      return new Set(packed.slice(1).map((item) => unpack(item, from)));
    case ANSWER: {
      let known: { readonly value: unknown } | undefined;
      return () => (known ??= { value: unpack(first, from) }).value;
    }
    case NULL:
      return null;
    case COMMON:
      return from.common[first as number];
    case OUTSIDE:
      return from.outside[first as number];
    default: {
      const object: Record<string, unknown> = {};
      from.shapes[kind - OBJECT]!.forEach((key, i) => {
        object[key] = unpack(packed[i + 1], from);
      });
      return object;
    }
  }
}
