/** Everything of a catalogue that a migration can change, one line an object, without oids. Each query gives one column. */
const SCHEMAS = `nspname not in ('pg_catalog', 'information_schema') and nspname !~ '^pg_(toast|temp)'`;
const own = (column) => `${column} in (select oid from pg_namespace where ${SCHEMAS})`;
const relation = (column) =>
  `(select format('%I.%I', n.nspname, c.relname) from pg_class c join pg_namespace n on n.oid = c.relnamespace where c.oid = ${column})`;
const name = (schema, object) => `format('%I.%I', (select nspname from pg_namespace where oid = ${schema}), ${object})`;

const OBJECTS = [
  `select concat_ws(' ', 'schema', nspname, nspowner::regrole, nspacl) from pg_namespace where ${SCHEMAS}`,
  `select 'relation ' || ${name('relnamespace', 'relname')} || ' ' || concat_ws(' ', relkind, relpersistence, reloptions, relrowsecurity, relforcerowsecurity, relacl, relreplident, relowner::regrole, pg_get_partkeydef(oid), pg_get_expr(relpartbound, oid))
     from pg_class where ${own('relnamespace')}`,
  `select 'column ' || ${relation('attrelid')} || '.' || attname || ' ' || concat_ws(' ', format_type(atttypid, atttypmod), attnotnull, attidentity, attgenerated, attstorage, attcompression, attstattarget, attcollation::regcollation, attoptions, attacl, pg_get_expr(adbin, adrelid))
     from pg_attribute join pg_class r on r.oid = attrelid left join pg_attrdef on adrelid = attrelid and adnum = attnum
     where attnum > 0 and not attisdropped and relkind <> 'i' and ${own('relnamespace')}`,
  `select 'constraint ' || conname || ' ' || concat_ws(' ', ${relation('conrelid')}, nullif(contypid, 0)::regtype, pg_get_constraintdef(oid), convalidated, condeferrable, condeferred)
     from pg_constraint where contype <> 'n' and ${own('connamespace')}`,
  `select 'index ' || concat_ws(' ', pg_get_indexdef(indexrelid), indisvalid, indisclustered, indisreplident) from pg_index join pg_class r on r.oid = indexrelid where ${own('relnamespace')}`,
  `select concat_ws(' ', 'trigger', pg_get_triggerdef(oid), tgenabled) from pg_trigger where not tgisinternal`,
  `select 'policy ' || p::text from pg_policies p`,
  `select concat_ws(' ', 'rule', pg_get_ruledef(oid), ev_enabled) from pg_rewrite where oid >= 16384`,
  `select 'routine ' || ${name('pronamespace', 'proname')} || ' ' || concat_ws(' ', pg_get_function_arguments(oid), pg_get_function_result(oid), prosrc, pg_get_function_sqlbody(oid), prosecdef, provolatile, proparallel, proisstrict, procost, prorows, proconfig, proacl, proowner::regrole, prolang)
     from pg_proc where ${own('pronamespace')}`,
  `select 'type ' || ${name('typnamespace', 'typname')} || ' ' || concat_ws(' ', typtype, format_type(nullif(typbasetype, 0), typtypmod), typnotnull, typdefault, typacl, typowner::regrole, (select string_agg(quote_literal(enumlabel), ',' order by enumsortorder) from pg_enum where enumtypid = t.oid))
     from pg_type t where typcategory <> 'A' and ${own('typnamespace')}`,
  `select concat_ws(' ', 'extension', extname, extversion, extnamespace::regnamespace) from pg_extension`,
  `select 'role ' || concat_ws(' ', rolname, rolsuper, rolinherit, rolcreaterole, rolcreatedb, rolcanlogin, rolreplication, rolbypassrls, rolconnlimit) from pg_roles`,
  `select 'setting ' || concat_ws(' ', setdatabase, setrole, setconfig) from pg_db_role_setting`,
  `select 'member ' || concat_ws(' ', roleid::regrole, member::regrole, admin_option) from pg_auth_members`,
  `select 'publication ' || concat_ws(' ', pubname, puballtables, pubinsert, pubupdate, pubdelete, pubtruncate) from pg_publication`,
  `select concat_ws(' ', 'published', prpubid, ${relation('prrelid')}) from pg_publication_rel`,
  `select 'default privileges ' || concat_ws(' ', defaclrole::regrole, nullif(defaclnamespace, 0)::regnamespace, defaclobjtype, defaclacl) from pg_default_acl`,
  `select 'comment ' || pg_describe_object(classoid, objoid, objsubid) || ' ' || description from pg_description where objoid >= 16384`,
  `select 'parent ' || ${relation('inhrelid')} || ' ' || ${relation('inhparent')} from pg_inherits`,
  `select 'sequence ' || concat_ws(' ', ${relation('seqrelid')}, seqtypid::regtype, seqstart, seqincrement, seqmax, seqmin, seqcache, seqcycle) from pg_sequence`,
  `select 'statistics ' || pg_get_statisticsobjdef(oid) from pg_statistic_ext`,
  `select concat_ws(' ', 'cast', castsource::regtype, casttarget::regtype) from pg_cast where oid >= 16384`,
  `select 'operator ' || concat_ws(' ', oprname, oprleft::regtype, oprright::regtype) from pg_operator where oid >= 16384`,
  `select 'collation ' || collname from pg_collation where oid >= 16384`,
  `select concat_ws(' ', 'event trigger', evtname, evtenabled) from pg_event_trigger`,
  `select 'wrapper ' || fdwname from pg_foreign_data_wrapper union all select concat_ws(' ', 'server', srvname, srvoptions) from pg_foreign_server`,
  `select 'text search ' || cfgname from pg_ts_config where oid >= 16384 union all select 'text search ' || dictname from pg_ts_dict where oid >= 16384`,
];

// A default or view that is made with 'now' keeps the moment.
const MOMENT = /\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?:\.\d+)?/g;

/** Lines, sorted. With `rows`, also how many rows each table has and what is in them. */
export async function digest(db, rows) {
  const lines = (await db.query(OBJECTS.join('\nunion all\n'))).rows.map((row) =>
    (Object.values(row)[0] ?? '').replace(MOMENT, 'now'),
  );
  if (!rows) return lines.sort();
  // A row that is made again has another moment and another random key: what counts is how many there are, and the rest of them.
  const tables = await db.query(
    `select ${name('relnamespace', 'relname')} as name, coalesce((select array_agg(attname::text) from pg_attribute left join pg_attrdef on adrelid = attrelid and adnum = attnum
       where attrelid = c.oid and attnum > 0 and (pg_get_expr(adbin, adrelid) like '%(%' or atttypid::regtype::text ~ '^(timestamp|date|time|uuid)')), '{}') as passing
     from pg_class c where relkind = 'r' and ${own('relnamespace')}`,
  );
  for (const { name: table, passing } of tables.rows) {
    const { rows: found } = await db.query(
      `select md5((to_jsonb(t) - $1::text[])::text) as hash, count(*) as times from ${table} t group by 1`,
      [passing],
    );
    for (const { hash, times } of found) lines.push(`row ${table} ${hash} ${times}`);
    lines.push(`count ${table} ${found.reduce((sum, { times }) => sum + Number(times), 0)}`);
  }
  const sequences = await db.query(
    `select ${name('relnamespace', 'relname')} as name from pg_class where relkind = 'S' and ${own('relnamespace')}`,
  );
  for (const { name: sequence } of sequences.rows) {
    const { rows: found } = await db.query(`select last_value || ' ' || is_called as value from ${sequence}`);
    lines.push(`value ${sequence} ${found[0].value}`);
  }
  return lines.sort();
}

/** What the second list has more, and less, than the first. */
export function difference(before, after) {
  const count = new Map();
  for (const line of before) count.set(line, (count.get(line) ?? 0) - 1);
  for (const line of after) count.set(line, (count.get(line) ?? 0) + 1);
  const added = [];
  const removed = [];
  for (const [line, times] of count) {
    if (times > 0) added.push(line);
    if (times < 0) removed.push(line);
  }
  return { added, removed };
}
