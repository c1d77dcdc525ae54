import type { ChangeSet, Commit } from '../core/change.ts';
import type { Access } from './access.ts';
import { revisions } from './commits.ts';

/** Asking Git again and again costs more than reading the history once. */
const QUESTIONS = 8;
const PATHS = 200;
/** Characters: Windows allows some 32,000 for a whole command. */
const ARGUMENTS = 16_000;

/** Nothing is read before somebody asks. A shallow clone has no history that could be trusted. */
export function history(access: Access, head: string): Pick<ChangeSet, 'history'> {
  if (access.place.shallow) return {};
  const { git, reader } = access;
  let questions = 0;
  let all: ReturnType<typeof index> | undefined;

  const read = async (pathspec: readonly string[]): Promise<Commit[]> =>
    reader.commits(await revisions(git, ['--date-order', '--full-history', head, ...pathspec]));
  const index = async () => {
    const commits = await read([]);
    const places = new Map<string, number[]>();
    for (const [place, commit] of commits.entries()) {
      for (const path of touched(commit)) {
        const known = places.get(path);
        if (known) known.push(place);
        else places.set(path, [place]);
      }
    }
    return { commits, places };
  };
  return {
    async history(paths) {
      const wanted = new Set(paths);
      if (paths.length === 0) return [];
      const said = paths.join(' ');
      // Names that are not UTF-8 cannot be handed over as arguments.
      const few =
        paths.length <= PATHS && said.length <= ARGUMENTS && !said.includes('\ufffd') && ++questions <= QUESTIONS;
      if (few && !all) {
        return (await read(['--', ...paths])).filter((commit) => touched(commit).some((path) => wanted.has(path)));
      }
      const { commits, places } = await (all ??= index());
      const found = new Set([...wanted].flatMap((path) => places.get(path) ?? []));
      return [...found].sort((a, b) => a - b).map((place) => commits[place]!);
    },
  };
}

export const touched = ({ changes }: Commit): string[] =>
  changes.flatMap(({ path, from }) => (from === undefined ? [path] : [path, from]));
