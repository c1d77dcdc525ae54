/** An object's name as PostgreSQL stores it: folded to lower case unless it was quoted. */
export interface Name {
  /** Absent where the text leaves it to search_path. */
  readonly schema?: string | undefined;
  readonly name: string;
}

/** A name as PostgreSQL would print it: users, public."Order", "select". */
export const printName = ({ schema, name }: Name): string =>
  schema === undefined ? printIdentifier(name) : `${printIdentifier(schema)}.${printIdentifier(name)}`;

/** Anything that belongs to a relation, printed with it: users."Email". */
export const printColumn = (table: Name, column: string): string => `${printName(table)}.${printIdentifier(column)}`;

export const printIdentifier = (name: string): string =>
  /^[a-z_][a-z0-9_$]*$/.test(name) && !RESERVED.has(name) ? name : `"${name.replaceAll('"', '""')}"`;

/** A schema that is not written may be any: names agree unless both name one and the two differ. */
export const sameName = (a: Name, b: Name): boolean =>
  a.name === b.name && (a.schema === undefined || b.schema === undefined || a.schema === b.schema);

// What quote_identifier() quotes: every keyword that the grammar does not take as a plain column name.
const RESERVED: ReadonlySet<string> = new Set(
  (
    'all analyse analyze and any array as asc asymmetric authorization between bigint binary bit boolean both case cast ' +
    'char character check coalesce collate collation column concurrently constraint create cross current_catalog ' +
    'current_date current_role current_schema current_time current_timestamp current_user dec decimal default ' +
    'deferrable desc distinct do else end except exists extract false fetch float for foreign freeze from full grant ' +
    'greatest group grouping having ilike in initially inner inout int integer intersect interval into is isnull join ' +
    'json json_array json_arrayagg json_exists json_object json_objectagg json_query json_scalar json_serialize ' +
    'json_table json_value lateral leading least left like limit localtime localtimestamp merge_action national ' +
    'natural nchar none normalize not notnull null nullif numeric offset on only or order out outer overlaps overlay ' +
    'placing position precision primary real references returning right row select session_user setof similar ' +
    'smallint some substring symmetric system_user table tablesample then time timestamp to trailing treat trim true ' +
    'union unique user using values varchar variadic verbose when where window with xmlattributes xmlconcat ' +
    'xmlelement xmlexists xmlforest xmlnamespaces xmlparse xmlpi xmlroot xmlserialize xmltable'
  ).split(' '),
);
