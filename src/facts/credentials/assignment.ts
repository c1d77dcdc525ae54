/** A value and the name it is given to, somewhere on one line. */
export interface Assignment {
  /** In lower case, without "-", "_" and ".". */
  readonly name: string;
  /** As it stands there. */
  readonly written: string;
  /** "=", ":", "=>", "(" and the like; empty where a blank alone stands between. */
  readonly operator: string;
  /** The quote that opens the value; empty where none does. */
  readonly quote: string;
  /** Where the value's first character stands, behind its quote. */
  readonly value: number;
}

/**
 * Reads the assignment whose name holds the place `at`: `NAME=value`, `"name": "value"`, `name => 'value'`,
 * `name: string = "value"`, `<name>value</name>`, `key="name" value="value"`, `set("name", "value")`, `--name value`.
 */
export function assignmentAt(text: string, at: number): Assignment | undefined {
  let start = at;
  while (start > 0 && at - start < LONGEST_NAME && isName(text.charCodeAt(start - 1))) start--;
  if (text[start - 1] === '\\' && start < at) start++; // The letter of an escape such as \n.
  let end = at;
  while (end < text.length && end - at < LONGEST_NAME && isName(text.charCodeAt(end))) end++;
  BETWEEN.lastIndex = end;
  const [between, operator = '', quote = ''] = BETWEEN.exec(text) ?? [];
  if (between === undefined) return undefined;
  const written = text.slice(start, end);
  const name = written.replace(/[-_.]/g, '').toLowerCase();
  return { name, written, operator: operator.trim(), quote: quote.slice(-1), value: end + between.length };
}

const LONGEST_NAME = 60;

/** From the name's end to the value's start: closing quotes, a type, an operator or blanks, opening quotes. Never a line's end. */
const BETWEEN =
  /["'`\\]{0,3}(?:\[\d{0,4}\]|[\])])?([ \t]{0,8}(?:\?{0,2}:?[ \t]{0,2}(?:&(?:'static[ \t])?)?(?:string|str|secretstr)[ \t]{0,4}=|=>|:=|\|\||\?\?|={1,3}|[:,(>])|[ \t]{1,4}value=|(?=[ \t]))[ \t]{0,8}(?:[fbru](?=["']))?(["'`\\]{0,3})/iy;

const isName = (code: number): boolean =>
  (code >= 97 && code <= 122) ||
  (code >= 65 && code <= 90) ||
  (code >= 48 && code <= 57) ||
  code === 95 ||
  code === 45 ||
  code === 46;
