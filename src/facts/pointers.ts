/** One step into a document: a key or an index as text, or every child. */
export type Step = string | typeof EVERY;

export const EVERY = Symbol('every');

/**
 * Reads "deploy.release_command", "services[0].image", 'tool["my.key"]', "jobs.*.steps[*].run", or a JSON Pointer such as
 * "/scripts/build". The empty text is the whole document. A text in place of the steps says what is wrong.
 */
export function readPointer(text: string): readonly Step[] | string {
  if (text === '') return [];
  if (text.startsWith('/')) {
    return text
      .slice(1)
      .split('/')
      .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));
  }
  const steps: Step[] = [];
  const step = /(?:^|\.)(\*|[^.[\]"']+)|\[(?:(\d+|\*)|"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)')\]/y;
  while (step.lastIndex < text.length) {
    const from = step.lastIndex;
    const [, plain, index, double, single] = step.exec(text) ?? [];
    const key = plain ?? index;
    const quoted = double ?? single;
    if (quoted !== undefined) steps.push(quoted.replace(/\\(.)/g, '$1'));
    else if (key !== undefined) steps.push(key === '*' ? EVERY : key);
    else return `cannot be read from ${JSON.stringify(text.slice(from, from + 20))} on: write a.b[0]["c.d"] or /a/b/0`;
  }
  return steps;
}

/** One value of a document, with its place in the text. */
export interface Node {
  /** As JSON has it. */
  readonly value: unknown;
  /** The value as written, quotes included. */
  readonly range: readonly [start: number, end: number];
  /** What stands under a key or an index; more than one where a document may say it several times. */
  child(key: string): readonly Node[];
  children(): readonly Node[];
}

/** Everything that a pointer leads to, each with what stands around it, outermost first. */
export function followWithin(
  node: Node,
  [step, ...rest]: readonly Step[],
  above: readonly Node[] = [],
): readonly { readonly node: Node; readonly above: readonly Node[] }[] {
  if (step === undefined) return [{ node, above }];
  const next = step === EVERY ? node.children() : node.child(step);
  return next.flatMap((child) => followWithin(child, rest, [...above, node]));
}

/** Everything that a pointer leads to. */
export const follow = (node: Node, [step, ...rest]: readonly Step[]): readonly Node[] =>
  step === undefined
    ? [node]
    : (step === EVERY ? node.children() : node.child(step)).flatMap((child) => follow(child, rest));
