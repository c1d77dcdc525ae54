import { isNotice } from '../../src/core/notice.ts';
import { defineRule, type Files } from '../../src/core/rule.ts';
import { assertionOption, faults } from '../../src/facts/assertions.ts';
import { change } from '../../src/facts/change.ts';

const release = {
  file: 'fly.toml',
  at: 'deploy.release_command',
  command: { mustNotRun: ['prisma migrate', 'prisma db push'] },
  message: 'Deployments never change the schema.',
};
const fly = (value: string): Files => ({ 'fly.toml': `app = "x"\n[deploy]\nrelease_command = ${value} # c\n` });
const scripts = (texts: string): Files => ({ 'package.json': `{ "scripts": { ${texts} } }` });
const holds = (...assertions: object[]) => ({ assertions });

export default defineRule({
  id: 'config/assertion',
  title: 'Keep configuration to what the team has settled',
  why: 'One changed value in a configuration file can undo in production what a whole team has agreed on.',
  instead: 'Set the value to what the finding names, or change the rule in a change of its own.',
  severity: 'error',
  options: (z) =>
    z.strictObject({
      assertions: z.array(assertionOption(z)).default([]).describe('What must hold in which file, and where in it.'),
    }),

  over: change,
  counts: 'file',
  async *check(set, { options: { assertions } }) {
    for (const assertion of assertions) {
      for await (const fault of faults(assertion, set)) {
        if (isNotice(fault)) yield fault;
        else {
          const { says, at, related } = fault;
          const message = assertion.message ? `${says}. ${assertion.message}` : `${says}.`;
          yield { message, at, about: says, ...(related.length > 0 && { related }) };
        }
      }
    }
  },

  examples: {
    bad: [
      { options: holds(release), head: fly('«"npx prisma  migrate   deploy"»') },
      { options: holds(release), head: fly(`«'sh -c "cd app && CI=1 pnpm exec prisma db push"'»`) },
      {
        title: 'through the scripts of package.json, wherever the change is',
        options: holds(release),
        base: { ...fly('"npm run up"'), ...scripts('"up": "npm run db", "db": "x"') },
        head: {
          ...fly('"npm run up"'),
          ...scripts('"up": "npm run db", "predb": «"prisma migrate deploy"», "db": "x"'),
        },
      },
      {
        options: holds({ file: '**/*.yml', at: 'jobs.*.steps[*].run', command: { mustNotRun: ['curl'] } }),
        head: { '.github/workflows/a.yml': 'jobs:\n  a:\n    steps:\n      - run: «"x | curl -s y"»\n      - uses: a' },
      },
      {
        title: 'an entrypoint that is copied into the image',
        options: holds({ file: '**/Dockerfile', at: 'ENTRYPOINT', command: { mustNotRun: ['prisma migrate'] } }),
        head: {
          'docker/Dockerfile':
            'FROM node\nWORKDIR /app\nCOPY docker/start.sh /usr/local/bin/\nENTRYPOINT «["start.sh"]»\n',
          'docker/start.sh': 'set -e\nnpx prisma migrate deploy\nexec node .\n',
        },
      },
      {
        title: 'through the stages of an image, and a package that is named',
        options: holds({ file: 'Dockerfile', at: 'CMD', command: { mustNotRun: ['prisma migrate'] } }),
        head: {
          Dockerfile:
            'FROM a AS b\nWORKDIR /app\nCOPY ops ./scripts\nFROM a\nWORKDIR /srv\nCOPY --from=b /app/scripts ./scripts\nCMD «["./scripts/up.sh"]»\n',
          'ops/up.sh': 'pnpm --filter @moorings/db migrate\n',
          'packages/db/package.json': '{ "name": "@moorings/db", "scripts": { "migrate": "prisma migrate deploy" } }',
        },
      },
      {
        title: 'a script, a Procfile, and a step in a folder of its own',
        options: holds(
          { file: 'scripts/*.sh', at: '', command: { mustNotRun: ['prisma migrate'] } },
          { file: 'Procfile', at: 'release', command: { mustNotRun: ['prisma migrate'] } },
          { file: '.github/workflows/*.yml', at: 'jobs.*.steps[*].run', command: { mustNotRun: ['prisma migrate'] } },
        ),
        head: {
          '.github/workflows/a.yml':
            'jobs:\n  a:\n    defaults: {run: {working-directory: ./app}}\n    steps:\n      - run: «npm run up»\n',
          Procfile: 'web: npm start\nrelease: «npm --prefix app run up»\n',
          'app/package.json': '{ "scripts": { "up": "prisma migrate deploy" } }',
          'scripts/up.sh': 'cd app # first\n«npx prisma migrate deploy»\n',
        },
      },
      {
        title: 'of several stages, the last one counts',
        options: holds({ file: 'Dockerfile', at: 'USER', oneOf: ['node', 'app'] }),
        head: { Dockerfile: 'FROM a AS b\nUSER node\nFROM b\nUSER «root»\n' },
      },
      {
        options: holds({ file: 'a.json', at: '/max', maximum: 9 }, { file: 'a.json', at: 'min', absent: true }),
        head: { 'a.json': '{ "max": «10», /* old */ "min": «1», }' },
      },
      {
        options: holds({ file: '.env', at: 'URL', matches: '^https:' }),
        head: { '.env': 'export URL=«"http://a"» # c' },
      },
      { options: holds({ file: 'a.toml', at: 'b.c', equals: 1 }), head: { '«a.toml»': '[b]\nd = 1' } },
      {
        title: 'INI',
        options: holds({ file: '.npmrc', at: 'ignore-scripts', equals: true }),
        head: { '.npmrc': '; no scripts\nignore-scripts=«false» # for now\n' },
      },
      { title: 'in an audit', options: holds({ file: 'a.yml', at: 'b', minimum: 1 }), head: { '«»': '', b: '' } },
      { title: 'broken', options: holds({ file: 'a.json', at: 'b', absent: true }), head: { 'a.json': '{"b": «}»' } },
    ],
    good: [
      { options: holds(release), head: fly(`"node release.js --note 'prisma migrate'"`) },
      { title: 'asking where it is does not run it', options: holds(release), head: fly('"command -v prisma"') },
      { title: 'what is not there runs nothing', options: holds(release), head: { 'fly.toml': 'app = "x"' } },
      {
        options: holds({ file: 'package.json', at: 'scripts.build', command: { mustRun: ['tsc'] } }),
        head: scripts('"build": "npm run t -- -p .", "t": "npx tsc@5"'),
      },
      {
        title: 'texts alone',
        options: holds({ file: '.env', at: 'PORT', equals: 3000 }),
        head: { '.env': 'PORT=3000' },
      },
      {
        title: 'old',
        options: holds(release),
        base: fly('"prisma migrate"'),
        head: { ...fly('"prisma migrate"'), a: '' },
      },
    ],
  },
});
