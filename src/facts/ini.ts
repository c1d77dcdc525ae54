import type { Range } from '../core/finding.ts';
import type { Node } from './pointers.ts';

interface Item {
  readonly key: string;
  readonly value: string;
  readonly range: Range;
}

interface Section {
  /** '' for what stands above the first header. */
  readonly name: string;
  readonly range: Range;
  readonly items: Item[];
}

/**
 * An INI file as a document: "section.key", and a key above all sections by its name alone. Git's `[submodule "x"]` is
 * "submodule.x". Every value is a text; of a key that stands twice, the last one holds. What is neither a header, a pair
 * nor a comment is a key without a value, as Git has it.
 */
export function readIni(text: string): Node {
  const sections: Section[] = [{ name: '', range: [0, 0], items: [] }];
  let at = 0;
  for (const line of text.match(/[^\n]*\n|[^\n]+$/g) ?? []) {
    const start = at;
    at += line.length;
    const bare = line.replace(/\r?\n$/, '').replace(/^\ufeff/, '');
    const shift = line.startsWith('\ufeff') ? 1 : 0;
    const [header, name, part] = /^\s*\[\s*([^\]"]*?)\s*(?:"((?:[^"\\]|\\.)*)"\s*)?\]/.exec(bare) ?? [];
    if (header !== undefined) {
      const full = part === undefined ? name! : `${name}.${part.replace(/\\(.)/g, '$1')}`;
      sections.push({ name: full, range: [start + shift, start + shift + header.length], items: [] });
      continue;
    }
    if (/^\s*(?:[;#]|$)/.test(bare)) continue;
    const [whole = '', indent = '', key = '', sign = '', written = ''] =
      /^(\s*)([^=:]*?)(\s*[=:]\s*|\s*$)(.*?)\s*$/.exec(bare) ?? [];
    // A comment behind a value needs a space before it: a "#" in a colour or a URL is none.
    const value = written.replace(/\s+[;#].*$/, '');
    const from = start + shift + indent.length + (sign.trim() === '' ? 0 : key.length + sign.length);
    const end = sign.trim() === '' ? from + key.length : from + value.length;
    if (whole !== '') sections.at(-1)!.items.push({ key, value: unquoted(value), range: [from, end] });
  }
  return table(sections, text.length);
}

const unquoted = (value: string): string =>
  /^"(.*)"$|^'(.*)'$/
    .exec(value)
    ?.slice(1)
    .find((one) => one !== undefined) ?? value;

function table(sections: readonly Section[], length: number): Node {
  const top = itemsOf(sections[0]!.items);
  const named = new Map<string, Section>();
  for (const section of sections.slice(1)) {
    const known = named.get(section.name);
    named.set(section.name, known ? { ...known, items: [...known.items, ...section.items] } : section);
  }
  const children = new Map<string, Node>(top);
  for (const section of named.values()) {
    // "submodule.libs/x" hangs below "submodule", as ".editorconfig"'s "*.{js,ts}" stands for itself.
    const [first, rest] = /^(\w+)\.(.+)$/.exec(section.name)?.slice(1) ?? [section.name];
    const own = sectionNode(section);
    if (rest === undefined) children.set(first!, own);
    else children.set(first!, grouped(children.get(first!), rest, own));
  }
  return group(children, [0, length]);
}

const itemsOf = (items: readonly Item[]): Map<string, Node> =>
  new Map(items.map(({ key, value, range }) => [key, { value, range, child: () => [], children: () => [] }]));

const sectionNode = ({ items, range }: Section): Node => group(itemsOf(items), range);

function group(children: ReadonlyMap<string, Node>, range: Range): Node {
  return {
    get value() {
      return Object.fromEntries([...children].map(([key, node]) => [key, node.value]));
    },
    range,
    child: (key) => [children.get(key) ?? []].flat(),
    children: () => [...children.values()],
  };
}

/** A node with one more child. */
function grouped(node: Node | undefined, key: string, child: Node): Node {
  const keys = Object.keys((node?.value as object | undefined) ?? {});
  const children = new Map(keys.flatMap((one) => node!.child(one).map((found) => [one, found] as const)));
  return group(children.set(key, child), node?.range ?? child.range);
}
