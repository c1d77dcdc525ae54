import type { MigrationFolder } from './migrations.ts';

const CALLBACK = /^(?:before|after)[A-Z]\w*?(?:__[^/]*)?\.sql$/;

/** Whether a file that the runner does not apply stands in the folder for a reason: another rule or the runner itself knows it. */
export function isFileOfItsOwn({ dir, layout }: MigrationFolder, path: string): boolean {
  const below = dir === '' ? path : path.slice(dir.length + 1);
  const file = below.slice(below.lastIndexOf('/') + 1);
  switch (layout.name) {
    case 'drizzle':
      // Its name is right: what is missing is an entry of the journal.
      return layout.file.test(below);
    case 'flyway':
    case 'graphile-migrate':
      return CALLBACK.test(file);
    case 'prisma':
      return below.includes('/') && /^(?:down|rollback|undo)[^/]*\.sql$/.test(file);
    default:
      return false;
  }
}

/** A sentence about a file that the runner does not apply. */
export function unmatchedWords({ dir, layout }: MigrationFolder, path: string): string {
  const { leavesOut, runner, example, unmatched, file } = layout;
  if (leavesOut && file.test(dir === '' ? path : path.slice(dir.length + 1))) {
    return `Is left out by ${runner}, which takes a first file named ${leavesOut.name} with a version before ${leavesOut.before} for one of its own.`;
  }
  return `Has no name that ${runner} runs (such as ${example}): it ${unmatched}.`;
}
