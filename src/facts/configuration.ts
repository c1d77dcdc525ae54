import type { Node as JsonNode, ParseError } from 'jsonc-parser';
import type { Document, Node as YamlNode, Pair } from 'yaml';
import type { Range } from '../core/finding.ts';
import { readDockerfile } from './dockerfile.ts';
import { readDotenv } from './dotenv.ts';
import { readIni } from './ini.ts';
import type { Node } from './pointers.ts';
import { readToml } from './toml.ts';

export type Format = 'json' | 'yaml' | 'toml' | 'env' | 'dockerfile' | 'ini' | 'procfile' | 'shell';

/** A configuration file's documents (YAML may hold several), or what is wrong with it. */
export type Configuration =
  | { readonly format: Format; readonly documents: readonly Node[] }
  | { readonly problem: string; readonly range?: Range };

const FORMATS: readonly (readonly [Format, RegExp])[] = [
  ['dockerfile', /(?:^|\/)(?:Docker|Container)file(?:\.[\w.-]+)?$|\.(?:docker|container)file$/i],
  ['procfile', /(?:^|\/)Procfile(?:\.\w+)?$/],
  ['shell', /\.(?:ba|z|k|da)?sh$|(?:^|\/)(?:docker-)?entrypoint$/],
  [
    'ini',
    /\.(?:ini|cfg|editorconfig)$|(?:^|\/)\.(?:npmrc|gitmodules|gitconfig|flake8|pylintrc|coveragerc|pypirc|hgrc)$/,
  ],
  ['env', /(?:^|\/)\.env(?:\.[\w.-]+)?$|\.env$/],
  [
    'json',
    /\.(?:json[c5]?|code-workspace|webmanifest|geojson|map|arb)$|(?:^|\/)(?:composer|flake|Pipfile|deno)\.lock$/,
  ],
  ['toml', /\.toml$|(?:^|\/)(?:Cargo|poetry|uv|pdm)\.lock$|(?:^|\/)Pipfile$/],
  // JSON is YAML: a .prettierrc may be either.
  ['yaml', /\.(?:ya?ml|cff)$|(?:^|\/)\.[\w-]+rc$|(?:^|\/)(?:pnpm-lock\.yaml|Chart\.lock|\.clang-format)$/],
];

export const formatOf = (path: string): Format | undefined => FORMATS.find(([, name]) => name.test(path))?.[0];

/** Characters. Nobody settles anything in a larger file, and its tree would take a hundred times as much memory. */
const LONGEST = 4_000_000;

export async function readConfiguration(format: Format, text: string): Promise<Configuration> {
  if (text.length > LONGEST) {
    return { problem: `has more than ${LONGEST.toLocaleString('en-US')} characters, and was not looked into` };
  }
  try {
    return await read(format, text);
  } catch (error) {
    // The parsers call themselves for each level.
    if (error instanceof RangeError) return { problem: 'nests deeper than can be read' };
    throw error;
  }
}

async function read(format: Format, text: string): Promise<Configuration> {
  switch (format) {
    case 'json':
      return readJson(text);
    case 'yaml':
      return readYaml(text);
    case 'dockerfile':
      return { format, documents: [readDockerfile(text)] };
    case 'env':
      return { format, documents: [envNode(text)] };
    case 'ini':
      return { format, documents: [readIni(text)] };
    case 'procfile':
      return { format, documents: [procfileNode(text)] };
    case 'shell':
      return { format, documents: [leaf(text, [0, text.length])] };
    case 'toml':
      try {
        return { format, documents: [await readToml(text)] };
      } catch (error) {
        return { problem: `is not TOML: ${firstLine(error)}`, ...tomlPlace(text, error) };
      }
  }
}

const leaf = (value: unknown, range: Range): Node => ({ value, range, child: () => [], children: () => [] });

/** Of a key that stands twice, the last one holds. */
function envNode(text: string): Node {
  const variables = new Map([...readDotenv(text)].map(({ key, value, range }) => [key, leaf(value, range)]));
  const value = Object.fromEntries([...variables].map(([key, node]) => [key, node.value]));
  const child = (key: string) => [variables.get(key) ?? []].flat();
  return { value, range: [0, text.length], child, children: () => [...variables.values()] };
}

/** "web: npm start", a process a line. */
function procfileNode(text: string): Node {
  const processes = new Map(
    [...text.matchAll(/^([A-Za-z0-9_-]+):[ \t]*(.*\S)[ \t]*\r?$/gm)].map(
      ({ 0: whole, 1: name = '', 2: command = '', index }) => {
        const start = index + whole.lastIndexOf(command);
        return [name, leaf(command, [start, start + command.length])] as const;
      },
    ),
  );
  const value = Object.fromEntries([...processes].map(([name, node]) => [name, node.value]));
  return {
    value,
    range: [0, text.length],
    child: (name) => [processes.get(name) ?? []].flat(),
    children: () => [...processes.values()],
  };
}

/** Comments and trailing commas are let through: what reads the file decides about them. */
async function readJson(text: string): Promise<Configuration> {
  const { getNodeValue, parseTree, printParseErrorCode } = await import('jsonc-parser');
  const mark = text.startsWith('\ufeff') ? 1 : 0;
  const errors: ParseError[] = [];
  const root = parseTree(text.slice(mark), errors, { allowTrailingComma: true });
  const [error] = errors;
  if (error || !root) {
    const { offset = 0, length = 0 } = error ?? {};
    const why = error ? wordsOf(printParseErrorCode(error.error)) : 'it is empty';
    return { problem: `is not JSON: ${why}`, range: [offset + mark, offset + mark + length] };
  }
  const nodeOf = (json: JsonNode): Node => {
    const properties = new Map<string, JsonNode>();
    for (const [i, one] of (json.children ?? []).entries()) {
      // Of a key that stands twice, the last one holds, as JSON.parse has it.
      const [key, value] =
        one.type === 'property' ? [String(one.children?.[0]?.value), one.children?.[1]] : [String(i), one];
      if (value) properties.set(key, value);
    }
    return {
      get value(): unknown {
        return getNodeValue(json);
      },
      range: [json.offset + mark, json.offset + mark + json.length],
      child: (key) => [properties.get(key) ?? []].flat().map(nodeOf),
      children: () => [...properties.values()].map(nodeOf),
    };
  };
  return { format: 'json', documents: [nodeOf(root)] };
}

/** "CloseBraceExpected" as people say it. */
const wordsOf = (code: string): string => code.replace(/(?<=[a-z])(?=[A-Z])/g, ' ').toLowerCase();

async function readYaml(text: string): Promise<Configuration> {
  const { isAlias, isMap, isScalar, isSeq, parseAllDocuments } = await import('yaml');
  const parsed = parseAllDocuments(text, { merge: true, logLevel: 'silent' });
  const documents: Document.Parsed[] = Array.isArray(parsed) ? parsed : [];
  for (const { errors } of documents) {
    const [error] = errors;
    if (error && /call stack/.test(error.message)) return { problem: 'nests deeper than can be read' };
    if (error) return { problem: `is not YAML: ${firstLine(error)}`, range: [error.pos[0], Math.max(...error.pos)] };
  }

  const nodeOf = (document: Document.Parsed, node: unknown, depth = 0): readonly Node[] => {
    const yaml = node as YamlNode | null;
    const [start, end] = yaml?.range ?? [0, 0];
    const target = isAlias(yaml) ? yaml.resolve(document) : yaml;
    // An alias may stand inside what it names.
    if (depth > DEEPEST) return [];
    const entries = (): readonly (readonly [string, unknown])[] => {
      if (isSeq(target)) return target.items.map((item, i) => [String(i), item]);
      return isMap(target) ? [...mapEntries(target.items, document)] : [];
    };
    return [
      {
        get value() {
          try {
            return plain(target?.toJS(document, { maxAliasCount: 100 }));
          } catch {
            return undefined; // Aliases that multiply without end: such a thing has no value.
          }
        },
        range: [start, end],
        child: (key) => entries().flatMap(([name, value]) => (name === key ? nodeOf(document, value, depth + 1) : [])),
        children: () => entries().flatMap(([, value]) => nodeOf(document, value, depth + 1)),
      },
    ];
  };

  /** A map's own entries, then those that `<<` brings and that it does not have. */
  const mapEntries = (items: readonly Pair[], document: Document.Parsed, depth = 0): Map<string, unknown> => {
    const entries = new Map<string, unknown>();
    const merged: unknown[] = [];
    for (const { key, value } of items) {
      const name = isScalar(key) ? nameOf(key.value) : String(key);
      if (name === '<<') merged.push(...(isSeq(value) ? value.items : [value]));
      else entries.set(name, value);
    }
    for (const one of depth < DEEPEST ? merged : []) {
      const target = isAlias(one) ? one.resolve(document) : one;
      if (!isMap(target)) continue;
      for (const [name, value] of mapEntries(target.items, document, depth + 1)) {
        if (!entries.has(name)) entries.set(name, value);
      }
    }
    return entries;
  };

  return { format: 'yaml', documents: documents.flatMap((document) => nodeOf(document, document.contents)) };
}

/** The merge key is a symbol. */
const nameOf = (key: unknown): string => (typeof key === 'symbol' ? (key.description ?? '') : String(key));

const DEEPEST = 50;

/** As JSON has it: dates and big integers become text and numbers. */
function plain(value: unknown): unknown {
  if (typeof value === 'bigint') return Number(value);
  return value instanceof Date ? value.toISOString() : value;
}

/** A parser's own words, without the stretch of the file that it shows below them. */
function firstLine(error: unknown): string {
  const [line = ''] = (error instanceof Error ? error.message : String(error)).split('\n');
  return line.replace(/^Invalid TOML document: /, '').replace(/ at line \d+, column \d+:?$/, '');
}

function tomlPlace(text: string, error: unknown): { range: Range } | undefined {
  const { line, column } = error as { line?: unknown; column?: unknown };
  if (typeof line !== 'number' || typeof column !== 'number') return undefined;
  const before = text.split('\n').slice(0, line - 1);
  const at = Math.min(before.reduce((sum, { length }) => sum + length + 1, 0) + column - 1, text.length);
  return { range: [at, at] };
}
