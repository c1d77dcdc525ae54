import type { Range } from '../core/finding.ts';
import type { Snapshot } from '../core/snapshot.ts';
import { readConfiguration } from './configuration.ts';
import type { Node } from './pointers.ts';

export const WORKFLOWS = '.github/workflows';

/** GitHub's workflows, and the actions that a repository keeps for itself. */
export const isWorkflow = (path: string): boolean =>
  /^\.github\/workflows\/[^/]+\.ya?ml$/.test(path) || /(?:^|\/)action\.ya?ml$/.test(path);

/** The workflows of a tree; reads one folder. */
export async function workflowsOf(snapshot: Snapshot): Promise<readonly string[]> {
  const names = await snapshot.folder(WORKFLOWS);
  return names.map((name) => `${WORKFLOWS}/${name}`).filter(isWorkflow);
}

/** A secret that a workflow asks for. */
export interface SecretUse {
  /** As GitHub compares it: in capitals. Undefined where all of them are handed over at once. */
  readonly name: string | undefined;
  readonly range: Range;
}

/**
 * What the expressions of a workflow ask of `secrets`: `${{ secrets.X }}`, `secrets['X']`, `toJSON(secrets)`, and the
 * expressions of `if:`, which stand without braces. Comments and plain text ask for nothing. What a reusable workflow
 * declares as its own inputs under `on.workflow_call.secrets` counts as asked for where it is used.
 */
export function secretsIn(documents: readonly Node[], text: string): readonly SecretUse[] {
  const uses: SecretUse[] = [];
  const visit = (node: Node, key: string, depth: number): void => {
    if (depth > 40) return;
    const children = node.children();
    if (children.length > 0) {
      const keys = Array.isArray(node.value) ? [] : Object.keys((node.value as object | null) ?? {});
      if (keys.length === 0) children.forEach((child) => visit(child, key, depth + 1));
      for (const one of keys) for (const child of node.child(one)) visit(child, one, depth + 1);
    } else if (typeof node.value === 'string') {
      const [start, end] = node.range;
      const written = text.slice(start, end);
      for (const [from, expression] of expressionsOf(written, key === 'if')) {
        for (const use of asked(expression))
          uses.push({ name: use.name, range: [start + from + use.at, start + from + use.at + use.length] });
      }
    }
  };
  documents.forEach((document) => visit(document, '', 0));
  return uses;
}

function* expressionsOf(text: string, bare: boolean): Iterable<readonly [number, string]> {
  const braces = [...text.matchAll(/\$\{\{([^]*?)\}\}/g)];
  if (bare && braces.length === 0) yield [0, text];
  for (const { 1: inner = '', index } of braces) yield [index + 3, inner];
}

function* asked(expression: string): Iterable<{ name: string | undefined; at: number; length: number }> {
  // In an expression, strings stand in single quotes; an index may be one.
  const token = /'(?:[^']|'')*'|(?<![\w.-])secrets\s*(?:\.\s*([\w-]+|\*)|\[\s*'([^']*)'\s*\])?/gi;
  for (const { 0: whole, 1: dotted, 2: quoted, index } of expression.matchAll(token)) {
    if (whole.startsWith("'")) continue;
    const name = dotted ?? quoted;
    yield {
      name: name === undefined || name === '*' ? undefined : name.toUpperCase(),
      at: index,
      length: whole.length,
    };
  }
}

/** A workflow as it is, or why it cannot be looked into. */
export async function readWorkflow(
  text: string,
): Promise<readonly Node[] | { readonly problem: string; readonly range?: Range }> {
  const read = await readConfiguration('yaml', text);
  return 'problem' in read ? { problem: read.problem, ...(read.range && { range: read.range }) } : read.documents;
}
