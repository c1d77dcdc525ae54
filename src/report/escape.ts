/**
 * The one room for hostile text. File names, messages, reasons and source lines come from whoever made the change;
 * each output has its own way of being fooled by them, and every reporter goes through here.
 */

/** Acts on a screen, hides, or turns the reading direction: C0 and C1 controls, bidi marks, blanks of no width, tags, lone surrogates. */
const UNSEEN =
  /[\x00-\x1f\x7f-\x9f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\u3164\ufeff\uffa0\ufff0-\ufffb\ufffe\uffff\u{1d173}-\u{1d17a}\u{e0000}-\u{e0fff}\ud800-\udfff]/gu;

const NAMED: ReadonlyMap<string, string> = new Map([
  ['\n', '\\n'],
  ['\r', '\\r'],
  ['\t', '\\t'],
]);

/** GitHub, Azure and TeamCity read commands out of the log as it passes: "##[", "##vso[", "##teamcity[" wherever they stand. */
const LOG_COMMAND = /##(?=(?:[a-z]+)?\[)/gi;

/**
 * One line, with what a screen or a log would obey or hide written out: "\x1b[31m", "\u202e", "#\#[error]". For people, not
 * for reading back.
 */
export const visible = (text: string): string =>
  // Most text is harmless, and this finds out in one quick look.
  /^[ -~]*$/.test(text) && !text.includes('##') ? text : text.replace(UNSEEN, written).replace(LOG_COMMAND, '#\\#');

function written(char: string): string {
  const code = char.codePointAt(0)!;
  const hex = code.toString(16);
  return (
    NAMED.get(char) ??
    (code < 0x100 ? `\\x${hex.padStart(2, '0')}` : code < 0x10000 ? `\\u${hex.padStart(4, '0')}` : `\\u{${hex}}`)
  );
}

/** GitHub also obeys a line that begins with "::". For the whole of a text that people read, once its lines are set. */
export const commandless = (output: string): string =>
  output.replace(/^([^\S\n]*):(?=:)/gm, '$1\\:').replace(LOG_COMMAND, '#\\#');

/** What stands after the second "::" of a workflow command. */
export const workflowData = (text: string): string => visible(text).replaceAll('%', '%25');

/** The value of a workflow command's property. Newlines arrive as they are: a path must stay the path that it is. */
export const workflowProperty = (text: string): string =>
  text
    .split(/([\r\n])/)
    .map((part) => (part === '\n' ? '%0A' : part === '\r' ? '%0D' : workflowData(part)))
    .join('')
    .replaceAll(':', '%3A')
    .replaceAll(',', '%2C');

/** Running text in Markdown: nothing in it makes a link, a mention, a heading, a table cell or a tag. */
export const markdown = (text: string): string =>
  visible(text)
    .replace(/[\\`*_[\]<>|~]/g, '\\$&')
    .replace(/&/g, '&amp;')
    .replace(/^(\s*)([-+=#])/, '$1\\$2')
    .replace(/^(\s*\d+)(?=[.)])/, '$1\\')
    // An empty comment keeps GitHub and GitLab from notifying people and closing issues; it does not show.
    .replace(/([@#]|\bGH-|\b(?:https?|ftp):|\bwww)(?=[\w./-])/gi, '$1<!-- -->');

/** Inline code in Markdown. In a table a pipe would end the cell, even here. */
export function markdownCode(text: string, where: 'text' | 'table' = 'text'): string {
  const shown = where === 'table' ? visible(text).replaceAll('|', '\\|') : visible(text);
  if (shown.trim() === '') return `\`"${shown}"\``;
  const fence = '`'.repeat(longestRun(shown, '`') + 1);
  return /^[` ]|[` ]$/.test(shown) ? `${fence} ${shown} ${fence}` : `${fence}${shown}${fence}`;
}

/** A fenced block in Markdown. `text` may hold newlines that are meant. */
export function markdownFence(text: string, language = ''): string {
  const shown = commandless(text.split('\n').map(visible).join('\n'));
  const fence = '`'.repeat(Math.max(3, longestRun(shown, '`') + 1));
  return `${fence}${language}\n${shown}\n${fence}`;
}

const longestRun = (text: string, char: string): number => {
  let longest = 0;
  let run = 0;
  for (const one of text) longest = Math.max(longest, (run = one === char ? run + 1 : 0));
  return longest;
};

const ENTITIES: ReadonlyMap<string, string> = new Map([
  ['&', '&amp;'],
  ['<', '&lt;'],
  ['>', '&gt;'],
  ['"', '&quot;'],
  ["'", '&#39;'],
]);

/** Text or an attribute's value in HTML. */
export const html = (text: string): string => visible(text).replace(/[&<>"']/g, (char) => ENTITIES.get(char)!);

/** Text or an attribute's value in XML 1.0, which has no way at all to hold most controls. Newlines that are meant are kept. */
export const xml = (text: string): string => text.split('\n').map(html).join('&#10;');

/** JSON, whose reader gets the very same strings, and whose bytes move no screen and no CI. */
export const json = (value: unknown, indent?: number): string =>
  JSON.stringify(value, undefined, indent)
    // JSON's own escapes have dealt with C0; newlines here are layout.
    .replace(UNSEEN, (char) => (char === '\n' ? char : units(char)))
    .replace(LOG_COMMAND, '#\\u0023');

const units = (char: string): string =>
  Array.from({ length: char.length }, (_, at) => `\\u${char.charCodeAt(at).toString(16).padStart(4, '0')}`).join('');

/** A path as a relative URI reference. */
export const uri = (path: string): string =>
  path
    .replace(/[\ud800-\udfff]/gu, '\ufffd')
    .split('/')
    .map((segment) => encodeURIComponent(segment))
    .join('/');
