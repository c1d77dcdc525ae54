import type { Argument, Expression, ParseResult, Program } from 'oxc-parser';
import type { Range } from '../core/finding.ts';
import { glob, matcher } from '../core/globs.ts';
import { nestsTooDeep } from './nesting.ts';
import type { Zod } from '../core/rule.ts';

/** How a module is asked for. 'mock' is a test framework's stand-in for it; 'type' leaves nothing at run time. */
export const IMPORT_KINDS = ['static', 'side-effect', 'type', 're-export', 'dynamic', 'require', 'mock'] as const;

/** Where package.json names the packages that it needs. */
export const DEPENDENCY_LISTS = [
  'dependencies',
  'devDependencies',
  'peerDependencies',
  'optionalDependencies',
  'bundledDependencies',
  'overrides',
  'resolutions',
] as const;

export interface Import {
  readonly kind: (typeof IMPORT_KINDS)[number];
  /** As it is asked for: "@scope/name/part". */
  readonly module: string;
  /** The specifier with its quotes. */
  readonly range: Range;
}

export interface Imports {
  readonly imports: readonly Import[];
  /** Why the rest of the file could not be read; what could be is in `imports`. */
  readonly problem?: string;
}

const SCRIPT = /\.(?:[cm]?[jt]s|[jt]sx)$/;
const PAGE = /\.(?:vue|svelte)$/;

export const mayImport = (path: string): boolean => SCRIPT.test(path) || PAGE.test(path);

/** Everything that a file asks for by a name that stands in it, in order of place. Comments and strings count for nothing. */
export async function readImports(path: string, text: string): Promise<Imports> {
  const imports: Import[] = [];
  let problem: string | undefined;
  for (const script of scriptsOf(path, text)) {
    if (nestsTooDeep(script.text)) {
      problem ??= 'it nests too deep';
      continue;
    }
    const read = await readScript(script.lang, script.text);
    problem ??= read.problem;
    for (const { kind, module, range } of read.imports) {
      imports.push({ kind, module, range: [range[0] + script.start, range[1] + script.start] });
    }
  }
  // A file that does not parse may give an import of nothing.
  const named = imports.filter(({ range: [start, end] }) => start < end);
  named.sort((a, b) => a.range[0] - b.range[0]);
  return { imports: named, ...(problem !== undefined && { problem }) };
}

interface Script {
  readonly lang: Language;
  readonly text: string;
  /** Where it begins in its file. */
  readonly start: number;
}

const scriptsOf = (path: string, text: string): readonly Script[] =>
  PAGE.test(path) ? [...scriptBlocks(text)] : [{ lang: languageOf(path), text, start: 0 }];

/** A text that stands in a program: what it is at run time, and where it is written. */
export interface Literal {
  readonly value: string;
  readonly range: Range;
}

/** The strings of a file's scripts, the fixed parts of templates and the text of JSX included; comments are none. Undefined for what nests too deep. */
export async function readLiterals(path: string, text: string): Promise<readonly Literal[] | undefined> {
  const { Visitor } = await import('oxc-parser');
  const literals: Literal[] = [];
  for (const { lang, text: source, start } of scriptsOf(path, text)) {
    if (nestsTooDeep(source)) return undefined;
    const { program } = await parsed(lang, source);
    const add = (value: string, node: { start: number; end: number }) =>
      literals.push({ value, range: [node.start + start, node.end + start] });
    new Visitor({
      Literal(node) {
        if (typeof node.value === 'string') add(node.value, node);
      },
      TemplateElement: (node) => void add(node.value.cooked ?? node.value.raw, node),
      JSXText: (node) => void add(node.value, node),
    }).visit(program);
  }
  return literals.sort((a, b) => a.range[0] - b.range[0]);
}

type Language = 'ts' | 'tsx' | 'jsx' | 'dts';

// JSX is allowed in plain JavaScript: it takes nothing away, and half of the world writes it there.
function languageOf(path: string): Language {
  if (/\.d\.[cm]?ts$/.test(path)) return 'dts';
  return path.endsWith('.tsx') ? 'tsx' : /\.[cm]?ts$/.test(path) ? 'ts' : 'jsx';
}

/** The scripts of a single-file component, outside its comments. */
function* scriptBlocks(text: string): Iterable<Script> {
  const open = /<!--|<script\b((?:[^>"']|"[^"]*"|'[^']*')*)>/gi;
  for (let match = open.exec(text); match; match = open.exec(text)) {
    const start = open.lastIndex;
    const close = match[1] === undefined ? /-->/g : /<\/script\s*>/gi;
    close.lastIndex = start;
    const end = close.exec(text);
    if (!end) return;
    open.lastIndex = close.lastIndex;
    if (match[1] === undefined) continue;
    const lang = /\blang\s*=\s*["']?(tsx?|jsx)\b/i.exec(match[1])?.[1]?.toLowerCase() ?? 'jsx';
    yield { lang: lang as Language, text: text.slice(start, end.index), start };
  }
}

async function parsed(lang: Language, text: string): Promise<ParseResult> {
  const { parseSync } = await import('oxc-parser');
  const asModule = parseSync(`x.${lang}`, text, { lang, sourceType: 'module' });
  if (asModule.errors.length === 0) return asModule;
  // Old scripts are no modules: they may return at the top, or name a variable `await`.
  const asScript = parseSync(`x.${lang}`, text, { lang, sourceType: 'commonjs' });
  return asScript.errors.length < asModule.errors.length ? asScript : asModule;
}

async function readScript(lang: Language, text: string): Promise<Imports> {
  const { module, program, errors } = await parsed(lang, text);
  const { staticImports, staticExports } = module;
  const imports: Import[] = staticImports.map(({ start, moduleRequest: { value, start: from, end }, entries }) => ({
    kind: isTypeOnly(text.slice(start, from), entries) ? 'type' : entries.length === 0 ? 'side-effect' : 'static',
    module: value,
    range: [from, end],
  }));
  for (const { entries } of staticExports) {
    const { moduleRequest, isType } = entries[0] ?? {};
    if (!moduleRequest) continue;
    const { value, start, end } = moduleRequest;
    imports.push({
      kind: isType && entries.every((entry) => entry.isType) ? 'type' : 're-export',
      module: value,
      range: [start, end],
    });
  }
  if (MORE.test(text)) imports.push(...(await readCalls(program)));
  const failed = errors.length > 0 && program.body.length === 0;
  return { imports, ...(failed && { problem: errors[0]!.message }) };
}

const isTypeOnly = (head: string, entries: readonly { isType: boolean }[]): boolean =>
  entries.length > 0 ? entries.every(({ isType }) => isType) : /^import\s+type\b/.test(head);

/** What the list of imports does not hold, and the syntax tree must be walked for. */
const MORE = /\brequire\b|[mM]ock|importActual|\bimport\b\s*(?:\(|\.|\/[*/])|\\u/;

const MOCKS = new Set([
  ...['mock', 'unmock', 'doMock', 'doUnmock', 'dontMock', 'setMock', 'deepUnmock', 'unstable_mockModule', 'module'],
  ...['requireActual', 'requireMock', 'importActual', 'importMock', 'createMockFromModule', 'genMockFromModule'],
]);

async function readCalls(program: Program): Promise<Import[]> {
  const { Visitor } = await import('oxc-parser');
  const imports: Import[] = [];
  const mocked = new Set<unknown>();
  const add = (kind: Import['kind'], specifier: Expression | Argument | undefined) => {
    const module = specifier && constant(specifier);
    if (specifier && module !== undefined) imports.push({ kind, module, range: [specifier.start, specifier.end] });
  };
  new Visitor({
    ImportExpression(node) {
      if (!mocked.has(node)) add('dynamic', node.source);
    },
    TSImportType: ({ source }) => add('type', source),
    TSImportEqualsDeclaration({ moduleReference, importKind }) {
      if (moduleReference.type !== 'TSExternalModuleReference') return;
      add(importKind === 'type' ? 'type' : 'require', moduleReference.expression);
    },
    CallExpression({ callee, arguments: [first] }) {
      const name = dotted(callee);
      if (isMetaResolve(callee)) add('dynamic', first);
      if (name === 'require' || name === 'module.require' || name === 'require.resolve') add('require', first);
      const [, framework, method = ''] = /^(vi|vitest|jest|mock)\.(\w+)$/.exec(name) ?? [];
      if (!framework || !MOCKS.has(method) || (method === 'module') !== (framework === 'mock')) return;
      // vi.mock(import('x')) loads nothing.
      if (first?.type === 'ImportExpression') mocked.add(first);
      add('mock', first?.type === 'ImportExpression' ? first.source : first);
    },
  }).visit(program);
  return imports;
}

const isMetaResolve = (node: Expression): boolean =>
  node.type === 'MemberExpression' &&
  node.object.type === 'MetaProperty' &&
  node.property.type === 'Identifier' &&
  node.property.name === 'resolve';

/** "a.b" for a name or a plain member of one; '' for anything else. */
function dotted(node: Expression): string {
  if (node.type === 'Identifier') return node.name;
  if (node.type !== 'MemberExpression' || node.computed || node.object.type !== 'Identifier') return '';
  return node.property.type === 'Identifier' ? `${node.object.name}.${node.property.name}` : '';
}

/** The text that an expression always has: a string, a template without holes, or a sum of such. */
function constant(node: Expression | Argument): string | undefined {
  if (node.type === 'Literal') return typeof node.value === 'string' ? node.value : undefined;
  if (node.type === 'TemplateLiteral')
    return node.expressions.length === 0 ? (node.quasis[0]?.value.cooked ?? undefined) : undefined;
  if (node.type === 'ParenthesizedExpression') return constant(node.expression);
  if (node.type !== 'BinaryExpression' || node.operator !== '+') return undefined;
  const [left, right] = [constant(node.left), constant(node.right)];
  return left === undefined || right === undefined ? undefined : left + right;
}

/** Modules that are ruled out, among a rule's options. */
export function importOption(z: Zod) {
  return z.strictObject({
    modules: z
      .array(glob(z))
      .min(1)
      .describe('Globs of modules: "@scope/*" is all of a scope; a relative import is its path from the root.'),
    files: z.array(glob(z)).default(['**']).describe('Globs: where they must not be imported.'),
    kinds: z
      .array(z.enum(IMPORT_KINDS))
      .default([...IMPORT_KINDS])
      .describe('The ways of importing that are ruled out.'),
    notIn: z
      .array(z.enum(DEPENDENCY_LISTS))
      .default([])
      .describe('The lists of package.json, wherever it lies, in which they must not stand either.'),
    message: z.string().min(1).describe('What to do instead, printed as written.'),
  });
}

const named = new WeakMap<readonly string[], Promise<(specifier: string, importer: string) => boolean>>();

/**
 * Tests specifiers against a policy's globs, compiled once for each list. "@scope/*" is all of a scope, its packages' parts
 * included; Node's modules are the same with and without "node:"; a relative import is its path from the root, and is held
 * only against globs that can be paths: "./fs" is never "fs".
 */
export function modulesNamed(modules: readonly string[]): Promise<(specifier: string, importer: string) => boolean> {
  const test = named.get(modules) ?? compileNames(modules);
  named.set(modules, test);
  return test;
}

async function compileNames(modules: readonly string[]): Promise<(specifier: string, importer: string) => boolean> {
  const packages = modules.flatMap((glob) => {
    if (/^!?@[^/]+\/\*$/.test(glob)) return [glob, `${glob}/**`];
    return /^!?node:[\w/]+$/.test(glob) ? [glob, glob.replace('node:', '')] : [glob];
  });
  const isNamed = await matcher(packages);
  const isPath = await matcher(modules.filter((glob) => glob.includes('/') && !/^!?@/.test(glob)));
  return (specifier, importer) => {
    const name = specifier.replace(/(?<=.)\?.*$/, '');
    if (/^\.\.?(?:\/|$)/.test(name)) return isPath(pathFrom(importer, name));
    return isNamed(name) || (name.startsWith('node:') && isNamed(name.slice('node:'.length)));
  };
}

const literals = new WeakMap<readonly string[], readonly string[] | undefined>();

/** Whether a text may ask for one of these modules: a quick look that spares most files from being parsed. Never wrong when it says no. */
export function mayName(modules: readonly string[], text: string): boolean {
  if (!literals.has(modules)) literals.set(modules, literalsOf(modules));
  const known = literals.get(modules);
  return known === undefined || known.some((literal) => text.includes(literal)) || DISGUISED.test(text);
}

/** What every name of a list must hold; undefined where some glob promises nothing. */
function literalsOf(modules: readonly string[]): readonly string[] | undefined {
  const found: string[] = [];
  for (const glob of modules) {
    if (glob.startsWith('!')) continue;
    const literal = /^(?:node:)?([\w@./-]*)/.exec(glob)?.[1] ?? '';
    // A relative path is written in many ways.
    if (literal.length < 2 || (glob.includes('/') && !glob.startsWith('@'))) return undefined;
    found.push(literal);
  }
  return found.length > 0 ? found : undefined;
}

/** A name that is written with escapes, or put together. */
const DISGUISED = /(?:\bfrom\b|\bimport\b|\()\s*["'`][^"'`\n]{0,200}(?:\\|["'`]\s*\+)/;

/** Above the root there is nothing: what climbs out of it keeps its "..", and no policy names that. */
function pathFrom(importer: string, relative: string): string {
  const parts = importer.split('/').slice(0, -1);
  for (const part of relative.split('/')) {
    if (part === '..' && parts.length > 0 && parts.at(-1) !== '..') parts.pop();
    else if (part !== '.' && part !== '') parts.push(part);
  }
  return parts.join('/');
}
