/** Where a symbolic link leads, by its text: undefined where it stays in the tree. */
export function escape(path: string, target: string): string | undefined {
  if (/^(?:\/|\\|[A-Za-z]:)/.test(target)) return 'leads to a place of one machine';
  const names = path.split('/').slice(0, -1);
  for (const name of target.split('/')) {
    if (name === '..') {
      if (names.pop() === undefined) return 'leads out of the repository';
    } else if (name !== '.' && name !== '') names.push(name);
  }
  return /^\.git$/i.test(names[0] ?? '') ? "leads into Git's own folder" : undefined;
}
