import { defineRule } from '../../src/core/rule.ts';
import { sqlErrors } from '../../src/facts/sql/statements.ts';

export default defineRule({
  id: 'sql/syntax-error',
  title: 'Commit only SQL that PostgreSQL can parse',
  why: 'The migration fails at this statement when it is deployed, and what comes before it may be applied already.',
  instead: 'Correct the statement at the place that PostgreSQL points at, and run the migration once against a local database.',
  severity: 'error',
  sources: ['https://www.postgresql.org/docs/current/sql-commands.html'],
  options: (z) => z.strictObject({}),
  over: sqlErrors,
  // One changed line can break a statement that begins elsewhere.
  counts: 'file',
  untilApplied: true,
  *check({ path, range, message, hint }) {
    const said = message.charAt(0).toUpperCase() + message.slice(1);
    yield { message: `${said}.${hint ? ` ${hint}` : ''}`, at: { path, range }, about: message };
  },
  examples: {
    bad: [
      { head: { 'migrations/2_b.sql': 'create table users (id int,\n  name text,\n«)»;' } },
      {
        title: 'after text that is not ASCII; the statements around it are still judged',
        head: { 'migrations/2_b.sql': "insert into t values ('é🙂');\ncreate policy if «not» exists p on t;\nselect 1;" },
      },
      { title: 'a string that never ends', head: { 'migrations/2_b.sql': 'select 1;\nselect «\'it never ends;» ' } },
    ],
    good: [
      { head: { 'migrations/2_b.sql': 'create table users (id int);' } },
      { title: 'an empty file, and one of comments alone', head: { 'migrations/2_b.sql': '', 'migrations/3_c.sql': '-- later\n/* or /* never */ */' } },
      {
        title: 'a byte order mark, psql commands and the data of COPY',
        head: { 'migrations/2_b.sql': '\ufeff\\set x 1\ncopy t from stdin;\n1\tone\n2\ttwo)\n\\.\nselect 1;' },
      },
      { title: 'a syntax error in what is no migration', head: { 'docs/example.sql': 'selekt 1;' } },
    ],
  },
});
