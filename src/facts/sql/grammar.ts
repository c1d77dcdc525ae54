import type { Node, RawStmt } from 'libpg-query';

/** PostgreSQL's own grammar. */
export interface Grammar {
  /** The statements of a text without NUL. Throws SyntaxProblem. */
  readonly parse: (text: string) => readonly RawStmt[];
  /** The PL/pgSQL of one CREATE FUNCTION, CREATE PROCEDURE or DO, as PostgreSQL's compiler sees it. Throws SyntaxProblem. */
  readonly parsePlpgsql: (text: string) => readonly unknown[];
}

/** What PostgreSQL says about a text that it cannot read. */
export class SyntaxProblem extends Error {
  /** In characters (code points) from 0; undefined where PostgreSQL points nowhere. */
  readonly character: number | undefined;
  /** The parser itself gave up: the text may still be right. */
  readonly broken: boolean;

  constructor(message: string, character?: number, broken = false) {
    super(message);
    this.character = character;
    this.broken = broken;
  }
}

/** What is used of libpg-query's WebAssembly module; pointers and sizes are in bytes of its memory. */
interface Module {
  _malloc(size: number): number;
  _free(pointer: number): void;
  /** The memory as it is now: it moves when it grows. */
  readonly HEAPU8: Uint8Array;
  getValue(pointer: number, type: 'i32'): number;
  _wasm_parse_query_raw(query: number): number;
  _wasm_free_parse_result(result: number): void;
  _wasm_parse_plpgsql(query: number): number;
  _wasm_free_string(text: number): void;
}

let loading: Promise<Grammar | undefined> | undefined;
let current: Module | undefined;

/** Undefined where WebAssembly is missing, as under node --jitless. Ask again before each file: a broken parser is replaced. */
export async function loadGrammar(): Promise<Grammar | undefined> {
  const grammar = await (loading ??= load());
  if (broken && grammar) {
    broken = false;
    loading = load();
    return loading;
  }
  return grammar;
}

/** A RangeError leaves the module's stack in disorder: it still answers, and nobody should rely on that for long. */
let broken = false;

async function load(): Promise<Grammar | undefined> {
  if (!('WebAssembly' in globalThis)) return undefined;
  const { setFlagsFromString } = await import('node:v8');
  // Before the module is compiled: else V8 goes on optimising it for some 300 ms, and Node waits for that at exit.
  setFlagsFromString('--no-wasm-tier-up');
  setFlagsFromString('--no-wasm-dynamic-tiering');
  // The module itself rather than libpg-query's wrapper, which can make no second one.
  // @ts-expect-error: it comes without types; Module above is what is used of it.
  const { default: create } = (await import('libpg-query/wasm/libpg-query.js')) as { default: () => Promise<Module> };
  current = await create();
  return GRAMMAR;
}

const GRAMMAR: Grammar = {
  parse: (text) => (text === '' ? [] : ask(parse, text)),
  parsePlpgsql: (text) => ask(parsePlpgsql, text),
};

function ask<T>(use: (module: Module, pointer: number) => T, text: string): T {
  const module = current!;
  const size = Buffer.byteLength(text);
  const pointer = module._malloc(size + 1);
  try {
    const end = pointer + Buffer.from(module.HEAPU8.buffer, pointer, size).write(text);
    module.HEAPU8[end] = 0;
    const answer = use(module, pointer);
    module._free(pointer);
    return answer;
  } catch (error) {
    if (error instanceof SyntaxProblem) {
      module._free(pointer);
      throw error;
    }
    broken = true;
    throw new SyntaxProblem(error instanceof Error ? error.message : 'the parser failed', undefined, true);
  }
}

/** A text that ends with NUL. */
function textAt({ HEAPU8 }: Module, pointer: number): string {
  return Buffer.from(HEAPU8.buffer, pointer, HEAPU8.indexOf(0, pointer) - pointer).toString();
}

/** The result holds three pointers (tree, output, error); the error holds message, function, file, line and cursor. */
function parse(module: Module, query: number): readonly RawStmt[] {
  const result = module._wasm_parse_query_raw(query);
  if (!result) throw new Error('out of memory');
  const error = module.getValue(result + 8, 'i32');
  if (!error) {
    const tree = textAt(module, module.getValue(result, 'i32'));
    module._wasm_free_parse_result(result);
    return (JSON.parse(tree) as { stmts?: RawStmt[] }).stmts ?? [];
  }
  const message = textAt(module, module.getValue(error, 'i32'));
  const cursor = module.getValue(error + 16, 'i32');
  module._wasm_free_parse_result(result);
  throw new SyntaxProblem(message, cursor > 0 ? cursor - 1 : undefined, /memory exhausted|stack depth/.test(message));
}

function parsePlpgsql(module: Module, query: number): readonly unknown[] {
  const result = module._wasm_parse_plpgsql(query);
  const answer = textAt(module, result);
  module._wasm_free_string(result);
  // Anything but a JSON document is an error message.
  if (!answer.startsWith('{') && !answer.startsWith('[')) throw new SyntaxProblem(answer);
  const parsed = JSON.parse(answer) as { plpgsql_funcs?: unknown[] };
  return parsed.plpgsql_funcs ?? [];
}

export type { Node, RawStmt };
