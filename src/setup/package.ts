import type { JSONPath } from 'jsonc-parser';

/** The part of a package.json that `init` reads. */
export interface PackageFields {
  readonly scripts?: Readonly<Record<string, string>>;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
  readonly packageManager?: string;
}

/** Undefined where the text is no JSON object. */
export function readPackage(text: string): PackageFields | undefined {
  try {
    const value: unknown = JSON.parse(text.replace(/^\ufeff/, ''));
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

export const dependsOn = ({ dependencies = {}, devDependencies = {} }: PackageFields, name: string): boolean =>
  Object.hasOwn(dependencies, name) || Object.hasOwn(devDependencies, name);

export interface PackageAdditions {
  /** Name to range, for devDependencies. */
  readonly packages: Readonly<Record<string, string>>;
  /** A script that runs this command before whatever it runs now. */
  readonly script?: { readonly name: string; readonly command: string };
}

/** JSON with one value set, in the indentation and the order that it has. */
export async function setInJson(
  text: string,
  path: JSONPath,
  value: unknown,
  place?: (keys: string[]) => number,
): Promise<string> {
  const { applyEdits, modify } = await import('jsonc-parser');
  const indent = /^([ \t]+)"/m.exec(text)?.[1] ?? '  ';
  const formattingOptions = {
    insertSpaces: !indent.includes('\t'),
    tabSize: indent.length,
    eol: text.includes('\r\n') ? '\r\n' : '\n',
  };
  return applyEdits(text, modify(text, path, value, { formattingOptions, ...(place && { getInsertionIndex: place }) }));
}

/** A package.json with additions, in the indentation and the order that it has. */
export async function addToPackage(text: string, { packages, script }: PackageAdditions): Promise<string> {
  let edited = text;
  for (const [name, range] of Object.entries(packages)) {
    // npm keeps these in alphabetical order, and would move them there.
    edited = await setInJson(
      edited,
      ['devDependencies', name],
      range,
      (keys) => keys.filter((key) => key < name).length,
    );
  }
  if (script) {
    const now = readPackage(text)?.scripts?.[script.name];
    edited = await setInJson(edited, ['scripts', script.name], now ? `${script.command} && ${now}` : script.command);
  }
  return edited;
}
