import type { Range } from '../core/finding.ts';
import type { Node } from './pointers.ts';

/** One instruction of a Dockerfile. */
interface Instruction {
  /** In capitals. */
  readonly name: string;
  /** What follows the name and its --flags, lines joined; a list in the JSON form. */
  readonly value: string | readonly string[];
  readonly range: Range;
  /** As written, for places within. */
  readonly raw: string;
  /** The whole of it, its name and --flags included, lines joined. */
  readonly whole: string;
}

/** Of these the last one of the final stage holds; all others add up. */
const SINGLE = new Set(['CMD', 'ENTRYPOINT', 'HEALTHCHECK', 'USER', 'WORKDIR', 'STOPSIGNAL', 'SHELL', 'MAINTAINER']);
/** These hold pairs, of which the final stage's last one counts. */
const PAIRS = new Set(['ENV', 'LABEL', 'ARG']);

/** A Dockerfile as a document: "CMD", "RUN" (each of them), "FROM[0]", "ENV.NODE_ENV". */
export function readDockerfile(text: string): Node {
  const instructions = [...readInstructions(text)];
  const final = finalStage(instructions);
  const child = (key: string): readonly Node[] => {
    const name = key.toUpperCase();
    if (PAIRS.has(name)) return pairsNode(final.filter((one) => one.name === name));
    if (SINGLE.has(name))
      return final
        .filter((one) => one.name === name)
        .slice(-1)
        .map(valueNode);
    return instructions.filter((one) => one.name === name).map((one, i) => valueNode(one, i));
  };
  const names = [...new Set(instructions.map(({ name }) => name))];
  const value = Object.fromEntries(names.map((name) => [name, child(name).map((node) => node.value)]));
  return { value, range: [0, text.length], child, children: () => names.flatMap(child) };
}

/** A file or folder of the build's context, and where it lies in the image. */
export interface Copied {
  readonly from: string;
  /** Absolute, without a slash at its end. */
  readonly to: string;
}

/** What COPY and ADD bring from the repository into the image. */
export function copiedFiles(text: string): readonly Copied[] {
  const copied: Copied[] = [];
  let dir = '/';
  for (const { name, value, whole } of readInstructions(text)) {
    if (name === 'FROM') dir = '/';
    else if (name === 'WORKDIR') dir = absolute(dir, String(value));
    else if (name === 'COPY' || name === 'ADD') {
      const words = typeof value === 'string' ? value.split(/\s+/) : [...value];
      const target = words.pop() ?? '';
      if (/--from=/.test(whole)) {
        const into = absolute(dir, target);
        copied.push(...words.flatMap((word) => passedOn(copied, absolute('/', word), into)));
        continue;
      }
      for (const word of words) {
        const from = word.replace(/^\.?\//, '').replace(/\/$/, '') || '.';
        const into = absolute(dir, target);
        // A file that goes into a folder keeps its name; a folder gives its contents.
        const isFile = /\.\w+$/.test(from.slice(from.lastIndexOf('/') + 1));
        const within = isFile && (target.endsWith('/') || target === '.' || words.length > 1);
        copied.push({ from, to: within ? `${into}/${from.slice(from.lastIndexOf('/') + 1)}` : into });
      }
    }
  }
  return copied;
}

/** What a later stage takes over of an earlier one. */
const passedOn = (copied: readonly Copied[], source: string, into: string): readonly Copied[] =>
  copied.flatMap(({ from, to }) => {
    if (to === source) return [{ from, to: into }];
    if (source.startsWith(`${to}/`)) return [{ from: `${from}/${source.slice(to.length + 1)}`, to: into }];
    return to.startsWith(`${source}/`) ? [{ from, to: `${into}/${to.slice(source.length + 1)}` }] : [];
  });

const absolute = (dir: string, path: string): string =>
  (path.startsWith('/') ? path : `${dir}/${path}`)
    .split('/')
    .reduce((all, part) => (part === '' || part === '.' ? all : `${all}/${part}`), '');

function valueNode({ name, value, range }: Instruction, ordinal: number): Node {
  const node: Node = {
    value,
    range,
    // "FROM[1]" is the second FROM; "CMD[0]" the first word of the command.
    child: (key) => (!SINGLE.has(name) ? (key === String(ordinal) ? [node] : []) : word(key)),
    children: () => (typeof value === 'string' ? [] : value.flatMap((_, i) => word(String(i)))),
  };
  const word = (key: string): readonly Node[] =>
    typeof value !== 'string' && Object.hasOwn(value, key) && key !== 'length' ? [leaf(value[Number(key)], range)] : [];
  return node;
}

const leaf = (value: unknown, range: Range): Node => ({ value, range, child: () => [], children: () => [] });

function pairsNode(instructions: readonly Instruction[]): readonly Node[] {
  const last = instructions.at(-1);
  if (!last) return [];
  const pairs = new Map<string, Node>();
  for (const { raw, range } of instructions) {
    const equations = [...raw.matchAll(/([\w.-]+)=((?:"(?:\\[^]|[^"\\])*"|'[^']*'|\\[^\n]|[^\s"'\\])*)/g)];
    const [, key = '', rest = ''] = /^([\w.-]+)(?:[ \t]+([^]*))?$/.exec(raw.trimEnd()) ?? [];
    if (equations.length === 0 && key) pairs.set(key, leaf(rest, range));
    for (const { 0: whole, 1: key = '', 2: written = '', index } of equations) {
      const end = range[0] + index + whole.length;
      pairs.set(key, leaf(unquoted(written), [end - written.length, end]));
    }
  }
  const value = Object.fromEntries([...pairs].map(([key, node]) => [key, node.value]));
  const child = (key: string) => [pairs.get(key) ?? []].flat();
  return [{ value, range: last.range, child, children: () => [...pairs.values()] }];
}

const unquoted = (text: string): string =>
  text.replace(/"((?:\\[^]|[^"\\])*)"|'([^']*)'|\\([^])/g, (_, double, single, escaped) =>
    double !== undefined ? String(double).replace(/\\(["\\$])/g, '$1') : String(single ?? escaped),
  );

/** The instructions that make the image: the last stage's, after those of the stages it builds upon. */
function finalStage(instructions: readonly Instruction[]): readonly Instruction[] {
  const stages: { base: string; name: string | undefined; own: Instruction[] }[] = [];
  for (const instruction of instructions) {
    if (instruction.name === 'FROM') {
      const [base = '', , name] = String(instruction.value).trim().split(/\s+/);
      stages.push({ base: base.toLowerCase(), name: name?.toLowerCase(), own: [] });
    } else stages.at(-1)?.own.push(instruction);
  }
  const upTo = (index: number): readonly Instruction[] => {
    const stage = stages[index];
    if (!stage) return [];
    const parent = stages.slice(0, index).findLastIndex(({ name }) => name === stage.base);
    return [...upTo(parent), ...stage.own];
  };
  return upTo(stages.length - 1);
}

const HEAD = /^\ufeff?\s*([A-Za-z]+)[ \t]+(?:--[\w-]+(?:=\S*)?[ \t]+)*/;

function* readInstructions(text: string): Iterable<Instruction> {
  const escape = /^(?:\ufeff?#[ \t]*(?!escape)\w+=.*\r?\n)*\ufeff?#[ \t]*escape[ \t]*=[ \t]*`/i.test(text) ? '`' : '\\';
  const continued = escape === '`' ? /`[ \t]*\r?$/ : /\\[ \t]*\r?$/;
  const lines = text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
  let at = 0;
  for (let i = 0; i < lines.length;) {
    const start = at;
    let logical = '';
    for (let more = true; more && i < lines.length; i++) {
      const line = lines[i]!.replace(/\r?\n$/, '').replace(/^\ufeff/, '');
      at += lines[i]!.length;
      // Comments and blank lines between continued lines are no part of the instruction.
      if (/^\s*(?:#|$)/.test(line)) more = logical !== '';
      else {
        more = continued.test(line);
        logical += more ? line.replace(continued, '') : line;
      }
    }
    const [head, name] = HEAD.exec(logical) ?? [];
    if (head === undefined || name === undefined) continue;
    let value = logical.slice(head.length).trim();
    const documents = ['RUN', 'COPY', 'ADD'].includes(name.toUpperCase())
      ? value.matchAll(/<<-?(["']?)([A-Za-z_]\w*)\1/g)
      : [];
    for (const [, , word] of [...documents]) {
      for (let open = true; open && i < lines.length; i++) {
        open = lines[i]!.trim() !== word;
        value += `\n${lines[i]!.replace(/\r?\n$/, '')}`;
        at += lines[i]!.length;
      }
    }
    if (name.toUpperCase() === 'HEALTHCHECK') value = value.replace(/^CMD\s+/i, '');
    const first = start + (HEAD.exec(text.slice(start, at))?.[0].length ?? 0);
    const raw = text.slice(first, at).trimEnd();
    yield {
      name: name.toUpperCase(),
      value: jsonForm(value) ?? value,
      range: [first, first + raw.length],
      raw,
      whole: logical,
    };
  }
}

/** The words of CMD ["node", "server.js"]. */
function jsonForm(value: string): readonly string[] | undefined {
  if (!value.startsWith('[')) return undefined;
  try {
    const words: unknown = JSON.parse(value);
    return Array.isArray(words) && words.every((word) => typeof word === 'string') ? words : undefined;
  } catch {
    return undefined;
  }
}
