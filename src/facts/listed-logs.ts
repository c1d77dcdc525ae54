import { nodesOf, readMarkdown, sectionNamed, textOf } from './markdown.ts';

/** What a text says under one of its headings. */
export type ListedLogs =
  | {
      readonly kind: 'section';
      /** As written, each once. */
      readonly paths: readonly string[];
      /** The reason of a declared exemption; '' for one without. */
      readonly exempt?: string;
    }
  | { readonly kind: 'none' }
  | { readonly kind: 'unread'; readonly why: string };

/** The paths that stand under a heading: in words, in backticks or as links. Comments and blocks of code say nothing. */
export async function listedLogs(
  text: string,
  section: string,
  exemption: string,
  isLog: (path: string) => boolean,
): Promise<ListedLogs> {
  const page = await readMarkdown(text);
  if (page.kind === 'unread') return page;
  const found = sectionNamed(page.root, section);
  if (!found) return { kind: 'none' };
  const paths = new Set<string>();
  let exempt: string | undefined;
  for (const node of found.content.flatMap((one) => [...nodesOf(one)])) {
    if (node.type === 'inlineCode') take(node.value);
    else if (node.type === 'link') take(node.url);
    else if (node.type === 'text') for (const word of node.value.split(/[\s,;()<>"]+/)) take(word.replace(/[.:]$/, ''));
    else if (node.type === 'paragraph') {
      const [word = '', ...reason] = textOf(node).trim().split(':');
      if (word.trim().toLowerCase() === exemption.toLowerCase()) exempt ??= reason.join(':').trim().replace(/\.$/, '');
    }
  }
  return { kind: 'section', paths: [...paths], ...(exempt !== undefined && { exempt }) };

  function take(written: string): void {
    const path = written.replace(/^\.?\//, '');
    if (path !== '' && isLog(path)) paths.add(path);
  }
}
