import type { ColumnDef, Constraint, DropBehavior, Node, ObjectType, RangeVar, TypeName } from 'libpg-query';
import type * as other from 'pgsql-ast-parser';

// pgsql-ast-parser's tree in the words of PostgreSQL's own, as far as the operations read it. Places are UTF-16 units.

type Translation = {
  readonly [K in other.Statement['type']]?: (statement: Extract<other.Statement, { type: K }>) => Node;
};

/** Undefined for kinds of statements that are not known here. */
export function translate(statement: other.Statement): Node | undefined {
  const read = KINDS[statement.type] as ((statement: other.Statement) => Node) | undefined;
  return read?.(statement);
}

const KINDS: Translation = {
  'create table': (s) => ({
    CreateStmt: {
      relation: {
        ...relation(s.name),
        relpersistence: s.temporary ? 't' : s.unlogged ? 'u' : 'p',
      },
      tableElts: [
        ...s.columns.map((column): Node =>
          column.kind === 'column'
            ? { ColumnDef: columnDef(column) }
            : {
                TableLikeClause: {
                  relation: relation(column.like),
                  options: includesAll(column.options) ? 0x7fffffff : 0,
                },
              },
        ),
        ...(s.constraints ?? []).map((constraint): Node => ({ Constraint: tableConstraint(constraint) })),
      ],
      inhRelations: (s.inherits ?? []).map((name) => ({ RangeVar: relation(name) })),
      if_not_exists: s.ifNotExists ?? false,
    },
  }),
  'alter table': (s) => {
    const renamed = s.changes.length === 1 ? s.changes[0] : undefined;
    const table = { ...relation(s.table), inh: !s.only };
    const common = { relation: table, relationType: 'OBJECT_TABLE' as const, missing_ok: s.ifExists ?? false };
    if (renamed?.type === 'rename')
      return { RenameStmt: { ...common, renameType: 'OBJECT_TABLE', newname: renamed.to.name } };
    if (renamed?.type === 'rename column') {
      return {
        RenameStmt: { ...common, renameType: 'OBJECT_COLUMN', subname: renamed.column.name, newname: renamed.to.name },
      };
    }
    if (renamed?.type === 'rename constraint') {
      return {
        RenameStmt: {
          ...common,
          renameType: 'OBJECT_TABCONSTRAINT',
          subname: renamed.constraint.name,
          newname: renamed.to.name,
        },
      };
    }
    const cmds = s.changes.map((change): Node => ({ AlterTableCmd: command(change) }));
    return { AlterTableStmt: { relation: table, cmds, objtype: 'OBJECT_TABLE', missing_ok: s.ifExists ?? false } };
  },
  'create index': (s) => ({
    IndexStmt: {
      ...(s.indexName && { idxname: stored(s.indexName.name) }),
      relation: { ...relation(s.table), inh: true },
      accessMethod: s.using?.name ?? 'btree',
      indexParams: s.expressions.map(({ expression, order }): Node => {
        const ordering = order === 'desc' ? ('SORTBY_DESC' as const) : ('SORTBY_DEFAULT' as const);
        return {
          IndexElem:
            expression.type === 'ref' ? { name: expression.name, ordering } : { expr: value(expression), ordering },
        };
      }),
      ...(s.where && { whereClause: value(s.where) }),
      unique: s.unique ?? false,
      concurrent: s.concurrently ?? false,
      if_not_exists: s.ifNotExists ?? false,
    },
  }),
  'drop table': (s) => drop(s, 'OBJECT_TABLE'),
  'drop sequence': (s) => drop(s, 'OBJECT_SEQUENCE'),
  'drop index': (s) => drop(s, 'OBJECT_INDEX'),
  'drop type': (s) => drop(s, 'OBJECT_TYPE'),
  'create schema': (s) => ({ CreateSchemaStmt: { schemaname: s.name.name, if_not_exists: s.ifNotExists ?? false } }),
  'create extension': (s) => ({
    CreateExtensionStmt: {
      extname: s.extension.name,
      if_not_exists: s.ifNotExists ?? false,
      options: s.schema ? [{ DefElem: { defname: 'schema', arg: text(s.schema.name) } }] : [],
    },
  }),
  'create enum': (s) => ({
    CreateEnumStmt: { typeName: nameParts(s.name), vals: s.values.map((literal) => text(literal.value)) },
  }),
  'truncate table': (s) => ({
    TruncateStmt: {
      relations: s.tables.map((name) => ({ RangeVar: relation(name) })),
      restart_seqs: s.identity === 'restart',
      behavior: behavior(s.cascade),
    },
  }),
  insert: (s) => ({
    InsertStmt: {
      relation: relation(s.into),
      ...(s.columns && { cols: s.columns.map(({ name }) => ({ ResTarget: { name } })) }),
      selectStmt: {
        SelectStmt:
          s.insert.type === 'values'
            ? { valuesLists: s.insert.values.map((row) => list(row.map(value))) }
            : { targetList: [] },
      },
      ...(s.onConflict && {
        onConflictClause: {
          action: s.onConflict.do === 'do nothing' ? ('ONCONFLICT_NOTHING' as const) : ('ONCONFLICT_UPDATE' as const),
          ...(s.onConflict.on && { infer: { indexElems: [] } }),
          location: at(s.onConflict),
        },
      }),
    },
  }),
  update: (s) => ({
    UpdateStmt: {
      relation: relation(s.table),
      targetList: s.sets.map((set) => ({
        ResTarget: { name: set.column.name, val: value(set.value), location: at(set.column) },
      })),
      ...(s.where && { whereClause: value(s.where) }),
      ...(s.from && { fromClause: [] }),
    },
  }),
  delete: (s) => ({ DeleteStmt: { relation: relation(s.from), ...(s.where && { whereClause: value(s.where) }) } }),
  begin: () => ({ TransactionStmt: { kind: 'TRANS_STMT_BEGIN' } }),
  'start transaction': () => ({ TransactionStmt: { kind: 'TRANS_STMT_START' } }),
  commit: () => ({ TransactionStmt: { kind: 'TRANS_STMT_COMMIT' } }),
  rollback: () => ({ TransactionStmt: { kind: 'TRANS_STMT_ROLLBACK' } }),
  do: (s) => ({
    DoStmt: {
      args: [
        { DefElem: { defname: 'as', arg: text(s.code) } },
        ...(s.language ? [{ DefElem: { defname: 'language', arg: text(s.language.name) } }] : []),
      ],
    },
  }),
};

const at = (node: other.PGNode): number => node._location?.start ?? 0;
const text = (sval: string): Node => ({ String: { sval } });
const list = (items: Node[]): Node => ({ List: { items } });
const behavior = (word: 'cascade' | 'restrict' | undefined): DropBehavior =>
  word === 'cascade' ? 'DROP_CASCADE' : 'DROP_RESTRICT';
/** PostgreSQL cuts names at 63 bytes. */
const stored = (name: string): string =>
  name.length <= 21 ? name : new TextDecoder().decode(Buffer.from(name).subarray(0, 63), { stream: true });
const nameParts = ({ schema, name }: other.QName): Node[] =>
  schema === undefined ? [text(stored(name))] : [text(schema), text(stored(name))];

const relation = (name: other.QName): RangeVar => ({
  ...(name.schema !== undefined && { schemaname: name.schema }),
  relname: stored(name.name),
  inh: true,
  location: at(name),
});

const includesAll = (options: readonly other.CreateColumnsLikeTableOpt[]): boolean =>
  options.some(({ verb, option }) => verb === 'including' && option === 'all');

function drop({ names, ifExists, cascade, concurrently }: other.DropStatement, removeType: ObjectType): Node {
  const objects = names.map((name): Node => {
    return removeType === 'OBJECT_TYPE'
      ? { TypeName: { names: nameParts(name), location: at(name) } }
      : list(nameParts(name));
  });
  return {
    DropStmt: {
      objects,
      removeType,
      behavior: behavior(cascade),
      missing_ok: ifExists ?? false,
      concurrent: concurrently ?? false,
    },
  };
}

const BUILT_IN: Readonly<Record<string, string>> = {
  bigint: 'int8',
  boolean: 'bool',
  char: 'bpchar',
  character: 'bpchar',
  'character varying': 'varchar',
  decimal: 'numeric',
  'double precision': 'float8',
  float: 'float8',
  int: 'int4',
  integer: 'int4',
  real: 'float4',
  smallint: 'int2',
  'time with time zone': 'timetz',
  'time without time zone': 'time',
  'timestamp with time zone': 'timestamptz',
  'timestamp without time zone': 'timestamp',
};

function typeName(type: other.DataTypeDef): TypeName {
  if (type.kind === 'array') {
    const inner = typeName(type.arrayOf);
    return { ...inner, arrayBounds: [...(inner.arrayBounds ?? []), { Integer: { ival: -1 } }] };
  }
  const name = (!type.doubleQuoted && Object.hasOwn(BUILT_IN, type.name) && BUILT_IN[type.name]) || type.name;
  return {
    names: nameParts(type.schema === undefined ? { name } : { schema: type.schema, name }),
    typmods: (type.config ?? []).map((ival) => ({ A_Const: { ival: { ival } } })),
    location: at(type),
  };
}

const columnDef = (column: other.CreateColumnDef): ColumnDef => ({
  colname: stored(column.name.name),
  // The place that the parser gives a type of several words is that of one of them.
  typeName: { ...typeName(column.dataType), location: column.name._location?.end ?? 0 },
  constraints: (column.constraints ?? []).map((constraint): Node => ({ Constraint: columnConstraint(constraint) })),
  location: at(column),
});

const ACTIONS: Readonly<Record<string, string>> = {
  cascade: 'c',
  restrict: 'r',
  'set null': 'n',
  'set default': 'd',
  'no action': 'a',
};

function columnConstraint(constraint: other.ColumnConstraint): Constraint {
  const common = {
    ...('constraintName' in constraint && constraint.constraintName && { conname: constraint.constraintName.name }),
    location: at(constraint),
  };
  switch (constraint.type) {
    case 'not null':
      return { ...common, contype: 'CONSTR_NOTNULL' };
    case 'null':
      return { ...common, contype: 'CONSTR_NULL' };
    case 'unique':
      return { ...common, contype: 'CONSTR_UNIQUE' };
    case 'primary key':
      return { ...common, contype: 'CONSTR_PRIMARY' };
    case 'default':
      return { ...common, contype: 'CONSTR_DEFAULT', raw_expr: value(constraint.default) };
    case 'check':
      return { ...common, contype: 'CONSTR_CHECK', raw_expr: value(constraint.expr) };
    case 'reference':
      return { ...common, contype: 'CONSTR_FOREIGN', ...target(constraint) };
    case 'add generated':
      return constraint.expression
        ? { ...common, contype: 'CONSTR_GENERATED', generated_kind: 's', raw_expr: value(constraint.expression) }
        : { ...common, contype: 'CONSTR_IDENTITY', generated_when: constraint.always === 'always' ? 'a' : 'd' };
  }
}

function tableConstraint(constraint: other.TableConstraint): Constraint {
  const common = {
    ...(constraint.constraintName && { conname: constraint.constraintName.name }),
    location: at(constraint),
  };
  switch (constraint.type) {
    case 'check':
      return { ...common, contype: 'CONSTR_CHECK', raw_expr: value(constraint.expr) };
    case 'foreign key':
      return {
        ...common,
        contype: 'CONSTR_FOREIGN',
        fk_attrs: constraint.localColumns.map(({ name }) => text(name)),
        ...target(constraint),
      };
    default: {
      const keys = constraint.columns.map(({ name }) => text(name));
      return { ...common, contype: constraint.type === 'unique' ? 'CONSTR_UNIQUE' : 'CONSTR_PRIMARY', keys };
    }
  }
}

const target = ({ foreignTable, foreignColumns, onDelete, onUpdate }: other.TableReference): Constraint => ({
  pktable: relation(foreignTable),
  pk_attrs: foreignColumns.map(({ name }) => text(name)),
  fk_del_action: ACTIONS[onDelete ?? 'no action'] ?? 'a',
  fk_upd_action: ACTIONS[onUpdate ?? 'no action'] ?? 'a',
});

type Command = Extract<Node, { AlterTableCmd: unknown }>['AlterTableCmd'];

function command(change: other.TableAlteration): Command {
  switch (change.type) {
    case 'add column':
      return {
        subtype: 'AT_AddColumn',
        def: { ColumnDef: columnDef(change.column) },
        missing_ok: change.ifNotExists ?? false,
      };
    case 'drop column':
      return {
        subtype: 'AT_DropColumn',
        name: change.column.name,
        missing_ok: change.ifExists ?? false,
        behavior: behavior(change.behaviour),
      };
    case 'add constraint':
      return { subtype: 'AT_AddConstraint', def: { Constraint: tableConstraint(change.constraint) } };
    case 'drop constraint':
      return {
        subtype: 'AT_DropConstraint',
        name: change.constraint.name,
        missing_ok: change.ifExists ?? false,
        behavior: behavior(change.behaviour),
      };
    case 'owner':
      return { subtype: 'AT_ChangeOwner', newowner: { roletype: 'ROLESPEC_CSTRING', rolename: change.to.name } };
    case 'alter column':
      return { name: change.column.name, ...altered(change.alter) };
    default:
      return {};
  }
}

function altered(alter: other.AlterColumn): Command {
  switch (alter.type) {
    case 'set type':
      return { subtype: 'AT_AlterColumnType', def: { ColumnDef: { typeName: typeName(alter.dataType) } } };
    case 'set default':
      return { subtype: 'AT_ColumnDefault', def: value(alter.default) };
    case 'drop default':
      return { subtype: 'AT_ColumnDefault' };
    case 'set not null':
      return { subtype: 'AT_SetNotNull' };
    case 'drop not null':
      return { subtype: 'AT_DropNotNull' };
    case 'add generated':
      return { subtype: 'AT_AddIdentity', def: { Constraint: { contype: 'CONSTR_IDENTITY' } } };
  }
}

/** Calls, columns, literals and casts; the rest keeps its parts, so that whatever it holds is found. */
function value(expr: other.Expr): Node {
  const location = at(expr);
  switch (expr.type) {
    case 'call':
      return {
        FuncCall: {
          funcname: nameParts(expr.function),
          args: expr.args.map(value),
          location,
        },
      };
    case 'ref': {
      const fields = expr.name === '*' ? [{ A_Star: {} }] : [text(expr.name)];
      return { ColumnRef: { fields: expr.table ? [text(expr.table.name), ...fields] : fields, location } };
    }
    case 'string':
      return { A_Const: { sval: { sval: expr.value }, location } };
    case 'integer':
      return { A_Const: { ival: { ival: expr.value }, location } };
    case 'numeric':
      return { A_Const: { fval: { fval: String(expr.value) }, location } };
    case 'boolean':
      return { A_Const: { boolval: { boolval: expr.value }, location } };
    case 'null':
      return { A_Const: { isnull: true, location } };
    case 'cast':
      return { TypeCast: { arg: value(expr.operand), typeName: typeName(expr.to), location } };
    case 'unary':
      return expr.op === 'NOT'
        ? { BoolExpr: { boolop: 'NOT_EXPR', args: [value(expr.operand)], location } }
        : list([value(expr.operand)]);
    case 'binary':
      if (expr.op === 'AND' || expr.op === 'OR') {
        return { BoolExpr: { boolop: `${expr.op}_EXPR`, args: [value(expr.left), value(expr.right)], location } };
      }
      return {
        A_Expr: {
          kind: 'AEXPR_OP',
          name: [text(expr.op)],
          lexpr: value(expr.left),
          rexpr: value(expr.right),
          location,
        },
      };
    case 'keyword':
      return { FuncCall: { funcname: [text(expr.keyword)], location } };
    default:
      return list(parts(expr).map(value));
  }
}

const parts = (expr: other.Expr): other.Expr[] =>
  Object.values(expr)
    .flat()
    .filter((part): part is other.Expr => typeof part === 'object' && part !== null && 'type' in part);
