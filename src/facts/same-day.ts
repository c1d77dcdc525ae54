import type { Template } from '../core/templates.ts';

const DATED = /\d{4}-\d\d-\d\d|\d{8}/g;

/**
 * The path that a stray copy should have had: of "feedback/data/2025-10-20-final.md" it is "feedback/data/2025-10-20.md",
 * where the template matches that one and not this. Undefined for a path that is no such copy.
 */
export function properPath(path: string, template: Template): string | undefined {
  if (template(path)) return undefined;
  const folder = path.slice(0, path.lastIndexOf('/') + 1);
  const name = path.slice(folder.length);
  for (const { 0: date, index } of name.matchAll(DATED)) {
    const [before, after] = [name.slice(0, index), name.slice(index + date.length)];
    // What was added stands behind the date, before it, or on both sides; the extension is one of those that follow.
    const ends = [...after.matchAll(/\./g)].map(({ index: dot }) => after.slice(dot).split('.').slice(0, 2).join('.'));
    for (const end of ['', ...ends]) {
      for (const begin of [before, '']) {
        const proper = `${folder}${begin}${date}${end}`;
        if (template(proper)) return proper;
      }
    }
  }
  return undefined;
}
