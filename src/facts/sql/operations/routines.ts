import type { CreateFunctionStmt, DefElem, DoStmt, FunctionParameterMode, Node } from 'libpg-query';
import { expression } from '../expressions.ts';
import { as, qualifiedName, stringOf, stringsOf, typeOf } from '../nodes.ts';
import type { CreateRoutine, Operation, Parameter } from '../operation.ts';
import { bodyOf } from '../body.ts';
import {
  findWords,
  isSign,
  nameRange,
  pastBrackets,
  pastName,
  splitAtCommas,
  tokenAt,
  type Source,
} from '../source.ts';
import { STRING } from '../lexer.ts';
import { behind, whole } from './at.ts';
import { elementOf, elementsOf, settingValue, valueOf } from './options.ts';

const MODES: Partial<Record<FunctionParameterMode, Parameter['mode']>> = {
  FUNC_PARAM_OUT: 'out',
  FUNC_PARAM_INOUT: 'inout',
  FUNC_PARAM_VARIADIC: 'variadic',
  FUNC_PARAM_TABLE: 'table',
};

export function createRoutine(source: Source, stmt: CreateFunctionStmt): Operation[] {
  const { is_procedure: isProcedure = false, options, funcname, returnType, sql_body } = stmt;
  const name = behind(source, isProcedure ? 'procedure' : 'function') ?? source.first;
  const open = pastName(source, name);
  const close = isSign(source, open, '(') ? pastBrackets(source, open) : open;
  const places = splitAtCommas(source, open + 1, close - 1);
  let place = 0;
  const parameters = (stmt.parameters ?? []).map((node): Parameter => {
    const parameter = as(node, 'FunctionParameter') ?? {};
    const mode = MODES[parameter.mode ?? 'FUNC_PARAM_DEFAULT'] ?? 'in';
    // RETURNS TABLE (...) adds parameters that stand elsewhere.
    const [from, to] = (mode === 'table' ? undefined : places[place++]) ?? [open, close];
    const equals = parameter.defexpr ? pastDefault(source, from, to) : to;
    return {
      name: parameter.name,
      mode,
      type: typeOf(source, parameter.argType),
      default: parameter.defexpr && expression(source, parameter.defexpr, equals, to),
    };
  });
  const body = stringBody(source, elementOf(options, 'as'));
  const operation: CreateRoutine = {
    kind: isProcedure ? 'create procedure' : 'create function',
    object: isProcedure ? 'procedure' : 'function',
    name: qualifiedName(funcname),
    nameAt: nameRange(source, name),
    at: whole(source),
    ifNotExists: false,
    orReplace: stmt.replace ?? false,
    parameters,
    returns: returnType && typeOf(source, returnType),
    language: (stringOf(elementOf(options, 'language')?.arg) || (sql_body ? 'sql' : '')).toLowerCase(),
    securityDefiner: valueOf(elementOf(options, 'security')?.arg) === 'true',
    volatility: volatilityOf(elementOf(options, 'volatility')),
    settings: settingsOf(options),
    ...body,
  };
  return [operation];
}

export function doBlock(source: Source, { args }: DoStmt): Operation[] {
  const { body = '', bodyAt = whole(source) } = stringBody(source, elementOf(args, 'as'));
  return [
    {
      kind: 'do',
      at: whole(source),
      language: (stringOf(elementOf(args, 'language')?.arg) || 'plpgsql').toLowerCase(),
      body,
      bodyAt,
    },
  ];
}

const volatilityOf = (element: DefElem | undefined): CreateRoutine['volatility'] => {
  const word = stringOf(element?.arg);
  return word === 'immutable' || word === 'stable' ? word : 'volatile';
};

/** SET clauses: search_path and the like. */
export function settingsOf(options: readonly Node[] | undefined): ReadonlyMap<string, string> {
  const settings = new Map<string, string>();
  for (const { defname, arg } of elementsOf(options)) {
    const set = defname === 'set' ? as(arg, 'VariableSetStmt') : undefined;
    if (set) settings.set((set.name ?? '').toLowerCase(), settingValue(set) ?? '');
  }
  return settings;
}

function pastDefault(source: Source, from: number, to: number): number {
  const word = findWords(source, from, to, 'default');
  if (word < to) return word + 1;
  for (let t = from; t < to; t++) if (isSign(source, t, '=')) return t + 1;
  return from;
}

/** A body that is written as one string. */
function stringBody(source: Source, element: DefElem | undefined): Pick<CreateRoutine, 'body' | 'bodyAt'> {
  const strings =
    element?.arg && 'List' in element.arg
      ? stringsOf(element.arg.List.items)
      : element?.arg
        ? [stringOf(element.arg)]
        : [];
  if (strings.length !== 1) return {};
  // DO points at its string, CREATE FUNCTION at AS.
  let token = tokenAt(source, element?.location);
  while (token < source.end && source.tokens.kinds[token] !== STRING) token++;
  if (token >= source.end) return {};
  const { text, start, end } = bodyOf(source.tokens.text.slice(source.tokens.starts[token], source.tokens.ends[token]));
  const from = source.tokens.starts[token]!;
  return { body: text, bodyAt: [source.toFile(from + start), source.toFile(from + end)] };
}
