/** Something that runs SQL: PGlite, or a client of a server. */
export interface Database {
  query(sql: string): Promise<{ rows: readonly unknown[] }>;
}

const OURS = `n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'`;
// What an extension or a range type brings is not made by name.
const own = (catalogue: string, oid: string): string =>
  `NOT EXISTS (SELECT FROM pg_depend e WHERE e.classid = '${catalogue}'::regclass AND e.objid = ${oid} AND (e.deptype = 'e' OR (e.deptype = 'i' AND '${catalogue}' = 'pg_proc')))`;
const action = (column: string): string =>
  `CASE ${column} WHEN 'a' THEN 'no action' WHEN 'r' THEN 'restrict' WHEN 'c' THEN 'cascade' WHEN 'n' THEN 'set null' ELSE 'set default' END`;
const names = (numbers: string, table: string): string =>
  `(SELECT coalesce(string_agg(a.attname, ',' ORDER BY k.i), '') FROM unnest(${numbers}) WITH ORDINALITY k(n, i) JOIN pg_attribute a ON a.attrelid = ${table} AND a.attnum = k.n)`;

const QUERIES: readonly string[] = [
  `SELECT format('table %s.%s: %s rls=%s/%s of=%s', n.nspname, c.relname, CASE c.relkind WHEN 'p' THEN 'partitioned table' WHEN 'f' THEN 'foreign table' ELSE 'table' END,
     CASE WHEN c.relrowsecurity THEN 'true' ELSE 'false' END, CASE WHEN c.relforcerowsecurity THEN 'true' ELSE 'false' END,
     coalesce((SELECT string_agg(pn.nspname || '.' || p.relname, ',' ORDER BY pn.nspname || '.' || p.relname) FROM pg_inherits i JOIN pg_class p ON p.oid = i.inhparent JOIN pg_namespace pn ON pn.oid = p.relnamespace WHERE i.inhrelid = c.oid), '')) AS line, n.nspname AS schema
   FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.relkind IN ('r', 'p', 'f') AND ${OURS} AND ${own('pg_class', 'c.oid')}`,
  `SELECT format('column %s.%s.%s: %s%s %s default=%s generated=%s identity=%s', n.nspname, c.relname, a.attname, coalesce(e.typname, t.typname), CASE WHEN e.oid IS NULL THEN '' ELSE '[]' END,
     CASE WHEN a.attnotnull THEN 'not null' ELSE 'null' END,
     CASE WHEN a.atthasdef AND a.attgenerated = '' THEN 'true' ELSE 'false' END, CASE WHEN a.attgenerated <> '' THEN 'true' ELSE 'false' END,
     CASE a.attidentity WHEN 'a' THEN 'always' WHEN 'd' THEN 'by default' ELSE '' END) AS line, n.nspname AS schema
   FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace JOIN pg_type t ON t.oid = a.atttypid LEFT JOIN pg_type e ON e.oid = t.typelem AND t.typcategory = 'A'
   WHERE a.attnum > 0 AND NOT a.attisdropped AND c.relkind IN ('r', 'p', 'f') AND ${OURS} AND ${own('pg_class', 'c.oid')}`,
  `SELECT format('constraint %s.%s %s: %s (%s)%s %s', n.nspname, c.relname, k.conname,
     CASE k.contype WHEN 'p' THEN 'primary key' WHEN 'u' THEN 'unique' WHEN 'f' THEN 'foreign key' WHEN 'c' THEN 'check' ELSE 'exclude' END,
     CASE k.contype WHEN 'c' THEN (SELECT coalesce(string_agg(a.attname, ',' ORDER BY a.attname COLLATE "C"), '') FROM unnest(k.conkey) u JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = u) ELSE ${names('k.conkey', 'c.oid')} END,
     CASE WHEN k.contype = 'f' THEN format(' -> %s.%s (%s) %s/%s', fn.nspname, f.relname, ${names('k.confkey', 'f.oid')}, ${action('k.confdeltype')}, ${action('k.confupdtype')}) ELSE '' END,
     CASE WHEN k.convalidated THEN 'true' ELSE 'false' END) AS line, n.nspname AS schema
   FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid JOIN pg_namespace n ON n.oid = c.relnamespace LEFT JOIN pg_class f ON f.oid = k.confrelid LEFT JOIN pg_namespace fn ON fn.oid = f.relnamespace
   WHERE k.contype IN ('p', 'u', 'f', 'c', 'x') AND ${OURS} AND ${own('pg_class', 'c.oid')}
     AND NOT (k.contype = 'f' AND k.conparentid <> 0 AND EXISTS (SELECT FROM pg_constraint o WHERE o.oid = k.conparentid AND o.conrelid = k.conrelid))`,
  `SELECT rtrim(format('index %s.%s on %s: %s%s (%s) include (%s) %s %s', n.nspname, i.relname, c.relname, CASE WHEN x.indisunique THEN 'unique ' ELSE '' END, m.amname,
     (SELECT string_agg(coalesce(a.attname, '*'), ',' ORDER BY k.i) FROM unnest(x.indkey::int2[]) WITH ORDINALITY k(n, i) LEFT JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = k.n WHERE k.i <= x.indnkeyatts),
     (SELECT coalesce(string_agg(a.attname, ',' ORDER BY k.i), '') FROM unnest(x.indkey::int2[]) WITH ORDINALITY k(n, i) JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = k.n WHERE k.i > x.indnkeyatts),
     CASE WHEN x.indpred IS NULL THEN '' ELSE 'where' END,
     CASE WHEN EXISTS (SELECT FROM pg_constraint k WHERE k.conindid = x.indexrelid AND k.contype IN ('p', 'u', 'x')) THEN 'constraint' ELSE '' END)) AS line, n.nspname AS schema
   FROM pg_index x JOIN pg_class i ON i.oid = x.indexrelid JOIN pg_class c ON c.oid = x.indrelid JOIN pg_namespace n ON n.oid = c.relnamespace JOIN pg_am m ON m.oid = i.relam
   WHERE ${OURS} AND ${own('pg_class', 'c.oid')}`,
  `SELECT format('policy %s.%s %s: %s %s %s %s %s', n.nspname, c.relname, p.polname, CASE p.polcmd WHEN 'r' THEN 'select' WHEN 'a' THEN 'insert' WHEN 'w' THEN 'update' WHEN 'd' THEN 'delete' ELSE 'all' END,
     CASE WHEN p.polpermissive THEN 'true' ELSE 'false' END,
     (SELECT string_agg(CASE WHEN r = 0 THEN 'public' ELSE pg_get_userbyid(r) END, ',' ORDER BY CASE WHEN r = 0 THEN 'public' ELSE pg_get_userbyid(r)::text END COLLATE "C") FROM unnest(p.polroles) r),
     CASE WHEN p.polqual IS NULL THEN 'false' ELSE 'true' END, CASE WHEN p.polwithcheck IS NULL THEN 'false' ELSE 'true' END) AS line, '' AS schema
   FROM pg_policy p JOIN pg_class c ON c.oid = p.polrelid JOIN pg_namespace n ON n.oid = c.relnamespace`,
  `SELECT format('trigger %s.%s %s: %s %s %s %s %s', n.nspname, c.relname, t.tgname, f.proname, CASE WHEN t.tgtype & 64 <> 0 THEN 'instead of' WHEN t.tgtype & 2 <> 0 THEN 'before' ELSE 'after' END,
     concat_ws(',', CASE WHEN t.tgtype & 8 <> 0 THEN 'delete' END, CASE WHEN t.tgtype & 4 <> 0 THEN 'insert' END, CASE WHEN t.tgtype & 32 <> 0 THEN 'truncate' END, CASE WHEN t.tgtype & 16 <> 0 THEN 'update' END),
     CASE WHEN t.tgtype & 1 <> 0 THEN 'row' ELSE 'statement' END, CASE WHEN t.tgenabled = 'D' THEN 'false' ELSE 'true' END) AS line, '' AS schema
   FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_namespace n ON n.oid = c.relnamespace JOIN pg_proc f ON f.oid = t.tgfoid WHERE NOT t.tgisinternal`,
  `SELECT format('view %s.%s: %s', n.nspname, c.relname, CASE c.relkind WHEN 'm' THEN 'materialized view' ELSE 'view' END) AS line, n.nspname AS schema
   FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.relkind IN ('v', 'm') AND ${OURS} AND ${own('pg_class', 'c.oid')}`,
  `SELECT format('view columns %s.%s: %s', n.nspname, c.relname, string_agg(a.attname, ',' ORDER BY a.attnum)) AS line, n.nspname AS schema
   FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 WHERE c.relkind IN ('v', 'm') AND ${OURS} AND ${own('pg_class', 'c.oid')} GROUP BY n.nspname, c.relname`,
  `SELECT format('sequence %s.%s: %s', n.nspname, c.relname, coalesce((SELECT tn.nspname || '.' || t.relname || '.' || a.attname FROM pg_depend d JOIN pg_class t ON t.oid = d.refobjid JOIN pg_namespace tn ON tn.oid = t.relnamespace JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = d.refobjsubid WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.refclassid = 'pg_class'::regclass AND d.deptype IN ('a', 'i')), '')) AS line, n.nspname AS schema
   FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.relkind = 'S' AND ${OURS} AND ${own('pg_class', 'c.oid')}`,
  `SELECT format('%s %s.%s/%s', CASE p.prokind WHEN 'p' THEN 'procedure' WHEN 'a' THEN 'aggregate' ELSE 'function' END, n.nspname, p.proname, p.pronargs) AS line, n.nspname AS schema
   FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace WHERE ${OURS} AND ${own('pg_proc', 'p.oid')}`,
  `SELECT rtrim(format('type %s.%s: %s %s %s %s', n.nspname, t.typname, CASE t.typtype WHEN 'e' THEN 'enum' WHEN 'd' THEN 'domain' WHEN 'r' THEN 'range' WHEN 'c' THEN 'composite' ELSE 'base' END,
     coalesce((SELECT string_agg(e.enumlabel, ',' ORDER BY e.enumsortorder) FROM pg_enum e WHERE e.enumtypid = t.oid), ''),
     coalesce((SELECT string_agg(k.conname, ',' ORDER BY k.conname COLLATE "C") FROM pg_constraint k WHERE k.contypid = t.oid AND k.contype = 'c'), ''),
     CASE t.typtype WHEN 'c' THEN coalesce((SELECT string_agg(a.attname, ',' ORDER BY a.attnum) FROM pg_attribute a WHERE a.attrelid = t.typrelid AND a.attnum > 0 AND NOT a.attisdropped), '') ELSE '' END)) AS line, n.nspname AS schema
   FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace LEFT JOIN pg_class c ON c.oid = t.typrelid
   WHERE (t.typtype IN ('e', 'd', 'r') OR (t.typtype = 'c' AND c.relkind = 'c')) AND ${OURS} AND ${own('pg_type', 't.oid')}`,
  `SELECT format('schema %s', n.nspname) AS line, n.nspname AS schema FROM pg_namespace n WHERE ${OURS}`,
  `SELECT rtrim(format('publication %s: %s %s', p.pubname, CASE WHEN p.puballtables THEN 'true' ELSE 'false' END,
     coalesce((SELECT string_agg(n.nspname || '.' || c.relname, ',' ORDER BY n.nspname || '.' || c.relname) FROM pg_publication_rel r JOIN pg_class c ON c.oid = r.prrelid JOIN pg_namespace n ON n.oid = c.relnamespace WHERE r.prpubid = p.oid), ''))) AS line, '' AS schema FROM pg_publication p`,
];

/** What a real catalogue holds, one line an object, in the words of `linesOf`. */
export async function catalogueLines(database: Database, ignored: ReadonlySet<string>): Promise<Set<string>> {
  const lines = new Set<string>();
  for (const query of QUERIES) {
    const { rows } = await database.query(query);
    for (const { line, schema } of rows as { line: string; schema: string }[])
      if (!ignored.has(schema)) lines.add(line);
  }
  return lines;
}
