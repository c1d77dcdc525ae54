/** A value and the name it is given to, somewhere on one line. */
export interface Assignment {
  /** In lower case, without "-", "_" and ".". */
  readonly name: string;
  /** Where the value's first character stands, behind its quote. */
  readonly value: number;
}

/**
 * Reads the assignment whose name holds the place `at`: `NAME=value`, `"name": "value"`, `name => 'value'`,
 * `name: string = "value"`, `<name>value</name>`, `set("name", "value")`, `--name value`.
 */
export function assignmentAt(text: string, at: number): Assignment | undefined {
  let start = at;
  while (start > 0 && at - start < LONGEST_NAME && isName(text.charCodeAt(start - 1))) start--;
  if (text[start - 1] === '\\' && start < at) start++; // The letter of an escape such as \n.
  let end = at;
  while (end < text.length && end - at < LONGEST_NAME && isName(text.charCodeAt(end))) end++;
  BETWEEN.lastIndex = end;
  const between = BETWEEN.exec(text);
  if (!between) return undefined;
  return { name: text.slice(start, end).replace(/[-_.]/g, '').toLowerCase(), value: end + between[0].length };
}

const LONGEST_NAME = 60;

/** From the name's end to the value's start: closing quotes, an operator or blanks, opening quotes. Never a line's end. */
const BETWEEN =
  /["'`\\]{0,3}[\])]?[ \t]{0,8}(?:\?{0,2}:?[ \t]{0,2}string[ \t]{0,4}=|=>|:=|\|\||\?\?|={1,3}|[:,(>]|(?=[ \t]))[ \t]{0,8}(?:[fbru](?=["']))?["'`\\]{0,3}/iy;

const isName = (code: number): boolean =>
  (code >= 97 && code <= 122) ||
  (code >= 65 && code <= 90) ||
  (code >= 48 && code <= 57) ||
  code === 95 ||
  code === 45 ||
  code === 46;
