import type { Git } from './git.ts';
import { fields, joined } from './names.ts';

// A file on disk need not hold the bytes that Git would store: line ends, $Id$, encodings and filters come between. The
// same change must get the same verdict before and after `git add`, so this page does what Git's convert.c does on the
// way in. Filters are programs of the user: none is run here. Git LFS is known without its program, any other is named.

/** What happens to one file on its way from the disk into Git. */
export interface Conversion {
  /** 'auto': text if it looks like text, and not if Git already stores it with CRLF. */
  readonly lineEnds: 'kept' | 'auto' | 'lf';
  readonly ident: boolean;
  /** The encoding on disk, where Git stores UTF-8 instead. */
  readonly encoding?: string;
  /** The name of a filter whose program is set up here. */
  readonly filter?: string;
}

export const AS_IT_IS: Conversion = { lineEnds: 'kept', ident: false };

/** Configuration keys, in lower case up to a subsection, to their last value; a key without "=" has 'true'. */
export async function configuration(git: Git, pattern: string): Promise<ReadonlyMap<string, string>> {
  const output = await git.run(['config', '-z', '--get-regexp', pattern], { accept: [1] });
  return new Map(
    fields(output).map((field) => {
      const end = field.indexOf('\n');
      return end < 0 ? [field, 'true'] : [field.slice(0, end), field.slice(end + 1)];
    }),
  );
}

export const isOn = (value: string | undefined, otherwise: boolean): boolean =>
  value === undefined ? otherwise : /^(true|yes|on|[1-9]\d*)$/i.test(value);

/** What this clone's configuration says about files on disk. */
export interface DiskSettings {
  readonly autoCrlf: boolean;
  readonly fileMode: boolean;
  /** Filters with a program. */
  readonly filters: readonly string[];
}

export async function diskSettings(git: Git): Promise<DiskSettings> {
  const config = await configuration(git, '^(core\\.(autocrlf|filemode)|filter\\..*\\.(clean|process))$');
  const autoCrlf = config.get('core.autocrlf');
  const filters = [...config].flatMap(([key, command]) =>
    command === '' ? [] : (/^filter\.(.*)\.[a-z]+$/s.exec(key)?.[1] ?? []),
  );
  return {
    autoCrlf: isOn(autoCrlf, false) || /^input$/i.test(autoCrlf ?? ''),
    fileMode: isOn(config.get('core.filemode'), true),
    filters: [...new Set(filters)],
  };
}

/** Settings for a git that compares the index with the disk, and must not start a filter to do so. */
export const withoutFilters = ({ filters }: DiskSettings): string[] =>
  filters.flatMap((name) =>
    ['clean=', 'process=', 'required=false'].flatMap((setting) => ['-c', `filter.${name}.${setting}`]),
  );

/** Attributes by path and name. `cached`: from the index alone, never from the disk. */
export async function attributes(
  git: Git,
  names: readonly string[],
  paths: readonly string[],
  { cached = false }: { readonly cached?: boolean } = {},
): Promise<ReadonlyMap<string, ReadonlyMap<string, string>>> {
  const found = new Map<string, Map<string, string>>();
  if (paths.length === 0) return found;
  const args = ['check-attr', '-z', '--stdin', ...(cached ? ['--cached'] : []), ...names];
  const answers = fields(await git.run(args, { input: joined(paths) }));
  for (let at = 0; at + 2 < answers.length; at += 3) {
    const [path, name, value] = answers.slice(at, at + 3) as [string, string, string];
    const values = found.get(path) ?? new Map<string, string>();
    found.set(path, values.set(name, value));
  }
  return found;
}

const ATTRIBUTES = ['text', 'crlf', 'eol', 'ident', 'filter', 'working-tree-encoding'];

export async function conversions(
  git: Git,
  paths: readonly string[],
  settings: DiskSettings,
): Promise<ReadonlyMap<string, Conversion>> {
  const found = await attributes(git, ATTRIBUTES, paths);
  return new Map([...found].map(([path, values]) => [path, conversion(values, settings)]));
}

function conversion(values: ReadonlyMap<string, string>, { autoCrlf, filters }: DiskSettings): Conversion {
  const encoding = values.get('working-tree-encoding') ?? 'unspecified';
  const filter = values.get('filter');
  return {
    lineEnds: lineEnds(values, autoCrlf),
    ident: values.get('ident') === 'set',
    ...(!/^(un)?set$|^unspecified$|^utf-?8$/i.test(encoding) && { encoding }),
    ...(filter !== undefined && filters.includes(filter) && { filter }),
  };
}

function lineEnds(values: ReadonlyMap<string, string>, autoCrlf: boolean): Conversion['lineEnds'] {
  for (const name of ['text', 'crlf']) {
    const value = values.get(name);
    if (value === 'unset') return 'kept';
    if (value === 'set' || value === 'input') return 'lf';
    if (value === 'auto') return 'auto';
  }
  if (/^(lf|crlf)$/.test(values.get('eol') ?? '')) return 'lf';
  return autoCrlf ? 'auto' : 'kept';
}

/** The bytes that Git would store. `stored` reads what the index holds for the path now. */
export async function toGit(
  bytes: Buffer,
  { lineEnds, ident, encoding }: Conversion,
  stored: () => Promise<Buffer | undefined>,
): Promise<Buffer> {
  let result = encoding === undefined ? bytes : recoded(bytes, encoding);
  if (lineEnds === 'lf') result = withoutCr(result);
  if (lineEnds === 'auto' && result.includes('\r\n') && !looksBinary(result)) {
    const before = await stored();
    const keepsCrlf = before?.includes('\r\n') && !looksBinary(before);
    if (!keepsCrlf) result = withoutCr(result);
  }
  return ident && result.includes('$Id:') ? withoutIds(result) : result;
}

function recoded(bytes: Buffer, encoding: string): Buffer {
  const bigEndian = /^utf-?16$/i.test(encoding) && bytes[0] === 0xfe && bytes[1] === 0xff;
  try {
    const decoder = new TextDecoder(bigEndian ? 'utf-16be' : encoding.replace(/-BOM$/i, ''), { fatal: true });
    return Buffer.from(decoder.decode(bytes), 'utf8');
  } catch {
    // Git would refuse to add it; until then the bytes speak for themselves.
    return bytes;
  }
}

const withoutCr = (bytes: Buffer): Buffer =>
  bytes.includes('\r\n') ? Buffer.from(bytes.toString('latin1').replaceAll('\r\n', '\n'), 'latin1') : bytes;

const withoutIds = (bytes: Buffer): Buffer =>
  Buffer.from(bytes.toString('latin1').replaceAll(/\$Id:[^$\n]*\$/g, '$$Id$$'), 'latin1');

/** Git's own guess: a NUL, a CR that stands alone, or more than one control character in 128. */
function looksBinary(bytes: Buffer): boolean {
  let printable = 0;
  let control = 0;
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at]!;
    if (byte === 13) {
      if (bytes[at + 1] !== 10) return true;
      at++;
    } else if (byte === 0) return true;
    else if (byte === 127 || (byte < 32 && !(byte >= 8 && byte <= 10) && byte !== 12 && byte !== 27)) control++;
    else if (byte !== 10) printable++;
  }
  // A closing ^Z is DOS's end of file.
  if (bytes.at(-1) === 26) control--;
  return printable >> 7 < control;
}
