import type { Nodes, RootContent } from 'mdast';
import { globProblem } from '../core/globs.ts';
import { plainWords, type Prose } from './prose.ts';

/** What a pull request says it may touch. */
export interface AllowedPaths {
  readonly globs: readonly string[];
  /** Entries that are no globs, each with what is wrong. */
  readonly broken: readonly { readonly text: string; readonly problem: string }[];
}

/**
 * The globs that stand under a heading, or behind "label:" and in the list that follows it. Undefined where nothing of the
 * kind is said. Paths may be written as code or plainly, one an item or with commas; a folder stands for all that is in it.
 */
export function allowedPaths({ sections, source }: Prose, label: string): AllowedPaths | undefined {
  const wanted = plainWords(label);
  const written = (node: Nodes): string => source.slice(node.position?.start.offset, node.position?.end.offset);
  const entries: string[] = [];
  let said = false;
  const take = (text: string, single: boolean) => {
    const plain = text.replace(/<!--[^]*?(?:-->|$)/g, ' ');
    const coded = [...plain.matchAll(/(`+)([^`]+)\1/g)].map(([, , code = '']) => code.trim());
    const words = plain
      .replace(/(`+)[^`]+\1/g, ' ')
      .split(/[\s,;]+/)
      .map((word) => word.replace(/^[*_"'(]+(?=\w)|[.:"')]+$/g, '').replace(/\\([*_])/g, '$1'));
    // Among prose, what has a slash, a dot or a star is a path; alone in its item, anything is.
    const alone = single && coded.length === 0 && words.filter(Boolean).length === 1;
    entries.push(...coded, ...words.filter((word) => word !== '' && word !== '-' && (alone || /[/.*]/.test(word))));
  };
  const collect = (node: RootContent): void => {
    if (node.type === 'code') entries.push(...node.value.split('\n').map((line) => line.trim()));
    else if (node.type === 'list') {
      for (const item of node.children)
        item.children.forEach((child) =>
          child.type === 'paragraph' ? take(written(child), true) : collect(child as RootContent),
        );
    } else if (node.type === 'paragraph') take(written(node), false);
  };
  for (const { heading, nodes } of sections) {
    if (heading !== '' && plainWords(heading) === wanted) {
      said = true;
      nodes.forEach(collect);
      continue;
    }
    const end = nodes.findIndex(({ type }) => type === 'heading');
    for (const [at, node] of nodes.slice(0, end < 0 ? undefined : end).entries()) {
      if (node.type !== 'paragraph') continue;
      for (const line of written(node).split('\n')) {
        const [head, colon, rest] = /^([^:`]{1,80}?)(:[*_]*)(.*)$/.exec(line)?.slice(1) ?? [];
        if (colon === undefined || plainWords(head!) !== wanted) continue;
        said = true;
        take(rest!, false);
        const next = nodes[at + 1];
        if (next && (next.type === 'list' || next.type === 'code') && written(node).trimEnd().endsWith(line.trimEnd()))
          collect(next);
      }
    }
  }
  if (!said) return undefined;
  const globs: string[] = [];
  const broken: { text: string; problem: string }[] = [];
  for (const entry of new Set(entries.filter(Boolean))) {
    const glob = entry.replace(/^\.?\//, '').replace(/\/$/, '/**');
    const problem = globProblem(glob);
    if (problem) broken.push({ text: entry, problem });
    else globs.push(glob);
  }
  return { globs, broken };
}
