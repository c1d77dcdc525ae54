/** What is wrong with a path wherever a repository is checked out, or only where Windows is. */
export interface NameProblem {
  /** Follows the path in a sentence: "holds a control character". */
  readonly says: string;
  /** Only some systems refuse it. */
  readonly onlyOn?: 'Windows';
}

const RESERVED = /^(?:con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³]|conin\$|conout\$)(?:\.|$)/i;
/** What a reader of a list cannot see, or sees in another order. */
const UNSEEN = /[\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/u;
/** A byte that belongs to no UTF-8 sequence, as paths are written here. */
const NOT_UTF8 = /\ufffd[0-9A-F]{2}/;
/** In bytes: what every common file system takes. */
const LONGEST = 255;

/** The first problem of a path, the gravest first. */
export function nameProblem(path: string): NameProblem | undefined {
  if (NOT_UTF8.test(path)) return { says: 'is not UTF-8: macOS refuses it, and everything else shows another name' };
  if (/[\u0000-\u001f\u007f-\u009f]/.test(path)) return { says: 'holds a control character' };
  const names = path.split('/');
  if (UNSEEN.test(path.replace(/\p{Extended_Pictographic}\ufe0f?(?:\u200d\p{Extended_Pictographic}\ufe0f?)+/gu, '')))
    return { says: 'holds a character that cannot be seen' };
  const long = names.find((name) => Buffer.byteLength(name) > LONGEST);
  if (long !== undefined) return { says: `has a name of more than ${LONGEST} bytes` };
  const onWindows = (says: string): NameProblem => ({ says, onlyOn: 'Windows' });
  for (const name of names) {
    const [char] = /[<>:"|?*\\]/.exec(name) ?? [];
    if (char !== undefined) return onWindows(`holds "${char}", which no name may hold on Windows`);
    const [device] = RESERVED.exec(name) ?? [];
    if (device !== undefined)
      return onWindows(`has the name of the device ${device.replace('.', '').toUpperCase()} on Windows`);
    if (/[. ]$/.test(name)) return onWindows('has a name that ends in a dot or a space, which Windows takes off');
    if (/~\d$/.test(name) && /^git~\d$/i.test(name)) return onWindows('is another name for .git on Windows');
  }
  return undefined;
}

/** Paths that fold alike are one file where case or composition does not count: on macOS and Windows, as they come. */
export const folded = (path: string): string => {
  if (/^[\x00-\x7f]*$/.test(path)) return path.toLowerCase();
  return [...path.normalize('NFC')]
    .map((char) => {
      // As file systems do it: what would become two characters ("ß") stays.
      const upper = char.toUpperCase();
      return ([...upper].length === 1 ? upper : char).toLowerCase();
    })
    .join('');
};
