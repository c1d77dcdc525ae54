import type * as zod from 'zod';
import type { Location } from '../core/finding.ts';
import { isNotice, type Notice } from '../core/notice.ts';
import type { Zod } from '../core/rule.ts';
import type { Snapshot } from '../core/snapshot.ts';
import { commandPattern, commandsRun, isCommand, type Ran } from './commands.ts';
import type { Copied } from './dockerfile.ts';
import { jsonSchemaOption, sameJson, violations, type JsonSchema } from './json-schema.ts';
import { pattern, patternOption } from './patterns.ts';
import type { Node } from './pointers.ts';

/** What must hold at one place of a configuration file. At least one is given. */
export interface Condition {
  readonly equals?: unknown;
  readonly oneOf?: readonly unknown[] | undefined;
  readonly matches?: string | undefined;
  readonly absent?: true | undefined;
  readonly minimum?: number | undefined;
  readonly maximum?: number | undefined;
  readonly schema?: JsonSchema | undefined;
  readonly command?:
    | { readonly mustNotRun?: readonly string[] | undefined; readonly mustRun?: readonly string[] | undefined }
    | undefined;
}

/** The conditions among a rule's options. */
export function conditionOptions(z: Zod) {
  const commands = z.array(
    z
      .string()
      .refine(
        (text) => commandPattern(text).length > 0,
        'It is not one command: write its words, as in "prisma migrate".',
      ),
  );
  return {
    equals: z.json().optional().describe('The value itself.'),
    oneOf: z.array(z.json()).min(1).optional().describe('The values that it may have.'),
    matches: patternOption(z).optional().describe('A regular expression (RE2) that a text must match somewhere.'),
    absent: z.literal(true).optional().describe('It must not be there at all.'),
    minimum: z.number().optional().describe('The least that a number may be.'),
    maximum: z.number().optional().describe('The most that a number may be.'),
    schema: jsonSchemaOption(z).optional().describe('A JSON Schema that the value follows.'),
    command: z
      .strictObject({
        mustNotRun: commands.optional().describe('Commands, by their first words, that it must not come to run.'),
        mustRun: commands.optional().describe('Commands, by their first words, that it must come to run.'),
      })
      .optional()
      .describe('What a command line runs, seen through shells, package runners and the scripts of package.json.'),
  } satisfies Record<keyof Condition, zod.ZodType>;
}

export const isCondition = (condition: Condition): boolean => CONDITIONS.some((name) => condition[name] !== undefined);

const CONDITIONS = ['equals', 'oneOf', 'matches', 'absent', 'minimum', 'maximum', 'schema', 'command'] as const;

/** Whether a condition can only be met by something that is there. */
export const asksForPresence = ({ equals, oneOf, matches, minimum, schema, command }: Condition): boolean =>
  [equals, oneOf, matches, minimum, schema, command?.mustRun].some((one) => one !== undefined);

export interface Broken {
  /** Follows the name of the place in a sentence: "is not 20". Holds nothing of the value, which may be a secret. */
  readonly says: string;
  /** Whose value it is; absent where it is that of all of them together. */
  readonly node?: Node;
  /** Where else the fault may be mended: the scripts through which a command is run. */
  readonly through: readonly Location[];
}

/** Where a line of commands runs. */
export interface Setting {
  readonly head: Snapshot;
  /** Where a value's commands run, from the root. */
  readonly dirOf: (node: Node) => string;
  /** Whether a value stands in the file exactly as it is: then a command in it has its own place. */
  readonly verbatim: boolean;
  readonly image: readonly Copied[];
  /** Whether the file knows no other values than texts. */
  readonly textOnly: boolean;
  /** Whether a list of texts is one command's words, and not a list of commands. */
  readonly wordLists: boolean;
}

/** What of a condition does not hold for the values that a pointer leads to, of which there is at least one. */
export async function* broken(
  nodes: readonly Node[],
  condition: Condition,
  setting: Setting,
): AsyncIterable<Broken | Notice> {
  for (const node of nodes) {
    for await (const says of brokenValue(node.value, condition, setting.textOnly)) yield { says, node, through: [] };
  }
  if (condition.command) yield* brokenCommands(nodes, condition.command, setting);
}

async function* brokenValue(value: unknown, condition: Condition, textOnly: boolean): AsyncIterable<string> {
  const { equals, oneOf, matches, absent, minimum, maximum, schema } = condition;
  const same = (wanted: unknown): boolean =>
    sameJson(value, wanted) || (textOnly && typeof wanted !== 'object' && value === String(wanted));

  if (absent) yield 'is there';
  if (equals !== undefined && !same(equals)) yield `is not ${JSON.stringify(equals)}`;
  if (oneOf && !oneOf.some(same)) yield `is none of ${oneOf.map((one) => JSON.stringify(one)).join(', ')}`;
  if (matches !== undefined) {
    if (typeof value === 'object') yield 'is no text';
    else if (!(await pattern(matches)).test(String(value))) yield `does not match ${matches}`;
  }
  if (minimum !== undefined || maximum !== undefined) {
    const number = numberOf(value);
    if (number === undefined) yield 'is no number';
    else if (minimum !== undefined && number < minimum) yield `is less than ${minimum}`;
    else if (maximum !== undefined && number > maximum) yield `is more than ${maximum}`;
  }
  if (schema) for await (const problem of violations(value, schema, 'it')) yield `breaks its schema: ${problem}`;
}

const numberOf = (value: unknown): number | undefined => {
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  return typeof number === 'number' && Number.isFinite(number) ? number : undefined;
};

/** What must not run must not run anywhere; what must run must run somewhere. Of a table, such as "scripts", every value is a line. */
async function* brokenCommands(
  nodes: readonly Node[],
  { mustNotRun = [], mustRun = [] }: NonNullable<Condition['command']>,
  { head, dirOf, wordLists, verbatim, image }: Setting,
): AsyncIterable<Broken | Notice> {
  const ran: (Ran & { readonly node: Node })[] = [];
  for (const node of nodes.flatMap((node) => (isTable(node.value) ? node.children() : [node]))) {
    for (const line of linesOf(node.value, wordLists)) {
      for await (const one of commandsRun(line, head, dirOf(node), image)) {
        if (isNotice(one)) yield one;
        else ran.push({ ...one, node });
      }
    }
  }
  for (const text of mustNotRun) {
    const wanted = commandPattern(text);
    const seen = new Set<Node | number>();
    for (const { words, through, node: whole, at } of ran) {
      if (!isCommand(words, wanted)) continue;
      const start = verbatim && at ? at[0] : undefined;
      if (seen.has(start ?? whole)) continue;
      seen.add(start ?? whole);
      const [from] = whole.range;
      const node = start === undefined || !at ? whole : { ...whole, range: [from + at[0], from + at[1]] as const };
      const by = through.map(({ name }) => name).join(', then ');
      const says = `runs ${text}${by && ` through ${by}`}`;
      yield { says, node, through: through.map(({ path, range }) => ({ path, range })) };
    }
  }
  for (const text of mustRun) {
    const wanted = commandPattern(text);
    if (ran.some(({ words }) => isCommand(words, wanted))) continue;
    yield { says: `does not run ${text}`, ...(nodes.length === 1 && { node: nodes[0]! }), through: [] };
  }
}

const isTable = (value: unknown): boolean => typeof value === 'object' && value !== null && !Array.isArray(value);

/** The command lines of a value: a text, the words of one command, or a list of lines. */
function linesOf(value: unknown, wordLists: boolean): readonly (string | readonly string[])[] {
  if (typeof value === 'string') return [value];
  if (Array.isArray(value)) {
    const texts = value.flat(3).filter((one) => typeof one === 'string');
    return wordLists && !/\s/.test(texts[0] ?? '') ? [texts] : texts;
  }
  return [];
}
