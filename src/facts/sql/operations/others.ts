import type {
  AlterDatabaseSetStmt,
  AlterFunctionStmt,
  AlterOperatorStmt,
  AlterSystemStmt,
  AlterTableMoveAllStmt,
  CreateUserMappingStmt,
  CreateStatsStmt,
  CreateTransformStmt,
  ExplainStmt,
  Node,
  RuleStmt,
  VariableSetStmt,
} from 'libpg-query';
import type { Range } from '../../../core/finding.ts';
import type { Name } from '../name.ts';
import { as, objectKind, qualifiedName, relationName, roleName, typeOf } from '../nodes.ts';
import type { AlterOther, CreateOther, ObjectKind, Operation } from '../operation.ts';
import { isWord, nameRange, type Source } from '../source.ts';
import { behind, whole } from './at.ts';
import { objectOf } from './objects.ts';
import { elementsOf, settingValue, valueOf } from './options.ts';

type Body = Readonly<Record<string, unknown>>;

const create = (source: Source, object: ObjectKind, name: Name, more: Partial<CreateOther> = {}): Operation[] => {
  const operation = {
    kind: `create ${object}`,
    object,
    at: whole(source),
    name,
    nameAt: nameBehind(source, object),
    ifNotExists: false,
    orReplace: false,
    ...more,
  } as CreateOther;
  return [operation];
};

const alter = (
  source: Source,
  object: AlterOther['object'],
  name: Name,
  more: Partial<AlterOther> = {},
): Operation[] => {
  const operation = {
    kind: `alter ${object}`,
    object,
    at: whole(source),
    name,
    changes: [],
    settings: new Map(),
    options: new Map(),
    ...more,
  } as AlterOther;
  return [operation];
};

/** Undefined where what follows is no plain name. */
function nameBehind(source: Source, object: ObjectKind): Range | undefined {
  const token = behind(source, ...object.split(' '));
  return token === undefined || token >= source.end || isWord(source, token, 'for')
    ? undefined
    : nameRange(source, token);
}

/** Objects that few migrations make: which field of the statement holds the name. */
const MADE: Readonly<Record<string, readonly [object: ObjectKind, field: string]>> = {
  CreateAmStmt: ['access method', 'amname'],
  CreateConversionStmt: ['conversion', 'conversion_name'],
  CreateEventTrigStmt: ['event trigger', 'trigname'],
  CreateFdwStmt: ['foreign data wrapper', 'fdwname'],
  CreateForeignServerStmt: ['server', 'servername'],
  CreateOpClassStmt: ['operator class', 'opclassname'],
  CreateOpFamilyStmt: ['operator family', 'opfamilyname'],
  CreatePLangStmt: ['language', 'plname'],
  CreateSubscriptionStmt: ['subscription', 'subname'],
  CreateTableSpaceStmt: ['tablespace', 'tablespacename'],
  CreatedbStmt: ['database', 'dbname'],
};

const ALTERED: Readonly<Record<string, readonly [object: ObjectKind, field: string, changes: string]>> = {
  AlterCollationStmt: ['collation', 'collname', 'refresh version'],
  AlterDatabaseRefreshCollStmt: ['database', 'dbname', 'refresh collation version'],
  AlterDatabaseStmt: ['database', 'dbname', 'options'],
  AlterEventTrigStmt: ['event trigger', 'trigname', 'enable or disable'],
  AlterExtensionStmt: ['extension', 'extname', 'update'],
  AlterExtensionContentsStmt: ['extension', 'extname', 'contents'],
  AlterFdwStmt: ['foreign data wrapper', 'fdwname', 'options'],
  AlterForeignServerStmt: ['server', 'servername', 'options'],
  AlterOpFamilyStmt: ['operator family', 'opfamilyname', 'operators'],
  AlterStatsStmt: ['statistics', 'defnames', 'set statistics'],
  AlterSubscriptionStmt: ['subscription', 'subname', 'options'],
  AlterTSConfigurationStmt: ['text search configuration', 'cfgname', 'mapping'],
  AlterTSDictionaryStmt: ['text search dictionary', 'dictname', 'options'],
  AlterTableSpaceOptionsStmt: ['tablespace', 'tablespacename', 'options'],
  AlterTypeStmt: ['type', 'typeName', 'options'],
  AlterUserMappingStmt: ['user mapping', 'servername', 'options'],
};

/** PostgreSQL's command tags of what changes no object. */
const TAGS: Readonly<Record<string, readonly [tag: string, field?: string]>> = {
  CheckPointStmt: ['checkpoint'],
  ClosePortalStmt: ['close cursor', 'portalname'],
  DeallocateStmt: ['deallocate', 'name'],
  DeclareCursorStmt: ['declare cursor', 'portalname'],
  ExecuteStmt: ['execute', 'name'],
  FetchStmt: ['fetch', 'portalname'],
  ImportForeignSchemaStmt: ['import foreign schema', 'remote_schema'],
  ListenStmt: ['listen', 'conditionname'],
  LoadStmt: ['load'],
  NotifyStmt: ['notify', 'conditionname'],
  PrepareStmt: ['prepare', 'name'],
  ReassignOwnedStmt: ['reassign owned'],
  UnlistenStmt: ['unlisten', 'conditionname'],
  VariableShowStmt: ['show', 'name'],
};

/** A statement of a kind that has no reader of its own. */
export function other(source: Source, kind: string, body: Body): Operation[] {
  const made = MADE[kind];
  if (made)
    return create(source, made[0], nameIn(body[made[1]]), {
      ifNotExists: body['if_not_exists'] === true,
      orReplace: body['replace'] === true,
    });
  const altered = ALTERED[kind];
  if (altered) {
    const options = elementsOf(body['options'] as Node[] | undefined);
    const words = options.map(({ defname, arg }) => [defname, arg && valueOf(arg)].filter(Boolean).join(' '));
    return alter(source, altered[0], nameIn(body[altered[1]]), { changes: [altered[2], ...words] });
  }
  const [tag, field] = TAGS[kind] ?? [
    kind
      .replace(/Stmt$/, '')
      .replace(/(?<=[a-z])(?=[A-Z])/g, ' ')
      .toLowerCase(),
  ];
  return [{ kind: 'other', at: whole(source), tag, name: field === undefined ? undefined : nameIn(body[field]) }];
}

const nameIn = (value: unknown): Name =>
  Array.isArray(value) ? qualifiedName(value as Node[]) : { name: typeof value === 'string' ? value : '' };

export const createRule = (source: Source, { rulename, relation, replace }: RuleStmt): Operation[] =>
  create(source, 'rule', { name: rulename ?? '' }, { on: relationName(relation), orReplace: replace ?? false });

export const createStatistics = (
  source: Source,
  { defnames, relations = [], if_not_exists }: CreateStatsStmt,
): Operation[] =>
  create(source, 'statistics', qualifiedName(defnames), {
    on: relationName(as(relations[0], 'RangeVar')),
    ifNotExists: if_not_exists ?? false,
  });

export const createTransform = (source: Source, { type_name, lang, replace }: CreateTransformStmt): Operation[] =>
  create(
    source,
    'transform',
    { name: `${typeOf(source, type_name).name} as ${lang ?? ''}` },
    { orReplace: replace ?? false },
  );

export const createUserMapping = (
  source: Source,
  { user, servername, if_not_exists }: CreateUserMappingStmt,
): Operation[] =>
  create(
    source,
    'user mapping',
    { name: roleName(user) },
    { on: { name: servername ?? '' }, ifNotExists: if_not_exists ?? false },
  );

/** ALTER FUNCTION and PROCEDURE: 'security definer', 'immutable', 'set search_path' ... */
export function alterRoutine(source: Source, { objtype, func, actions }: AlterFunctionStmt): Operation[] {
  const settings = new Map<string, string>();
  const changes = elementsOf(actions).map(({ defname = '', arg }) => {
    const set = as(arg, 'VariableSetStmt');
    if (set) {
      settings.set((set.name ?? 'all').toLowerCase(), settingValue(set) ?? '');
      return `set ${(set.name ?? 'all').toLowerCase()}`;
    }
    if (defname === 'security') return valueOf(arg) === 'true' ? 'security definer' : 'security invoker';
    return defname === 'volatility' ? valueOf(arg) : defname;
  });
  const { name } = objectOf(source, objtype, func && { ObjectWithArgs: func });
  return alter(source, objectKind(objtype), name, { changes, settings });
}

const setting = (set: VariableSetStmt = {}): Pick<AlterOther, 'changes' | 'settings'> => ({
  changes: [set.kind?.startsWith('VAR_RESET') ? 'reset' : 'set'],
  settings: new Map([[set.kind === 'VAR_RESET_ALL' ? 'all' : (set.name ?? '').toLowerCase(), settingValue(set) ?? '']]),
});

export const alterSystem = (source: Source, { setstmt }: AlterSystemStmt): Operation[] =>
  alter(source, 'system', { name: '' }, setting(setstmt));

export const alterDatabaseSettings = (source: Source, { dbname, setstmt }: AlterDatabaseSetStmt): Operation[] =>
  alter(source, 'database', { name: dbname ?? '' }, setting(setstmt));

export const alterOperator = (source: Source, { opername }: AlterOperatorStmt): Operation[] =>
  alter(source, 'operator', qualifiedName(opername?.objname), { changes: ['options'] });

/** ALTER TABLE ALL IN TABLESPACE a SET TABLESPACE b. */
export const moveAll = (
  source: Source,
  { orig_tablespacename, new_tablespacename }: AlterTableMoveAllStmt,
): Operation[] =>
  alter(
    source,
    'tablespace',
    { name: orig_tablespacename ?? '' },
    { changes: [`move all to ${new_tablespacename ?? ''}`] },
  );

/** EXPLAIN runs nothing unless ANALYZE is asked for. */
export function explain(source: Source, { options }: ExplainStmt): Operation[] {
  const runs = elementsOf(options).some(
    ({ defname, arg }) => defname === 'analyze' && (!arg || valueOf(arg) === 'true'),
  );
  return [{ kind: 'other', at: whole(source), tag: runs ? 'explain analyze' : 'explain' }];
}
