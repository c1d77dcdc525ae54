import { createRequire } from 'node:module';
import { copyFileSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createHash } from 'node:crypto';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { installMissing, root } from './install.mjs';

/** Libraries that few runs need: each in a bundle of its own, so that no other run reads it. */
const APART = [
  'zod',
  'commander',
  'diff',
  'jsonc-parser',
  'mdast-util-from-markdown',
  'micromatch',
  'picocolors',
  're2js',
  'simple-git',
  'smol-toml',
  'yaml',
];
/** What is never used without another library stands in that one's bundle. */
const WITH = {
  'mdast-util-from-markdown': ['table', 'task-list-item', 'footnote'].flatMap((part) => [
    `micromark-extension-gfm-${part}`,
    `mdast-util-gfm-${part}`,
  ]),
};
const BUILD_MARK = '@@BUILD-DIGEST@@';
const EXTERNAL = ['libpg-query', 'oxc-parser', 'pgsql-ast-parser'];

/** Builds dist/: one CommonJS bundle, its start, the types. */
export async function build({ types = true } = {}) {
  installMissing();
  const esbuild = await import('esbuild');
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const dist = join(root, 'dist');
  mkdirSync(dist, { recursive: true });
  const common = {
    absWorkingDir: root,
    bundle: true,
    platform: 'node',
    target: 'node20.19',
    format: 'cjs',
    // One byte a character: the start reads the bundle as Latin-1.
    charset: 'ascii',
    external: EXTERNAL,
    // Compiled code that is kept cannot hold import(): what is outside a bundle is required.
    supported: { 'dynamic-import': false },
    mainFields: ['module', 'main'],
    define: {
      'process.env.REPOLICY_VERSION': JSON.stringify(version),
      'process.env.REPOLICY_BUILD': `"${BUILD_MARK}"`,
    },
    minifyWhitespace: true,
    minifySyntax: true,
    minifyIdentifiers: true,
    legalComments: 'none',
    logLevel: 'warning',
  };
  const main = {
    entryPoints: ['src/cli/bundle.ts'],
    outfile: 'dist/repolicy.cjs',
    plugins: [librariesApart, builtInsLater, examplesLater],
  };
  const hook = {
    entryPoints: ['src/cli/hook-bundle.ts'],
    outfile: 'dist/hook.cjs',
    plugins: [judgingOutside, librariesApart, builtInsLater],
  };
  const search = { entryPoints: ['src/cli/search/worker.ts'], outfile: 'dist/search.cjs', plugins: [librariesApart] };
  const library = (name) => ({
    stdin: { contents: exported([name, ...(WITH[name] ?? [])]), resolveDir: root },
    outfile: `dist/lib/${name}.cjs`,
    metafile: true,
  });
  await esbuild.build({ ...common, ...main });
  await esbuild.build({ ...common, ...hook });
  await esbuild.build({ ...common, ...search });
  const built = await Promise.all(APART.map((name) => esbuild.build({ ...common, ...library(name) })));
  for (const name of readdirSync(dist, { recursive: true })) if (name.endsWith('.cjs')) escapeLetters(join(dist, name));
  stamp(join(dist, 'repolicy.cjs'));
  for (const name of readdirSync(dist, { recursive: true })) if (name.endsWith('.cache')) rmSync(join(dist, name));
  copyFileSync(join(root, 'src/cli/bin.cjs'), join(dist, 'bin.cjs'));
  writeFileSync(join(dist, 'THIRD-PARTY.txt'), licences(built.flatMap(({ metafile }) => Object.keys(metafile.inputs))));
  if (types) emitTypes(dist);
}

const exported = ([first, ...others]) =>
  others.length === 0
    ? `module.exports = require('${first}');`
    : [first, ...others].map((name) => `export * from '${name}';`).join('\n');

/** By the name that is imported: the bundle that has it. */
const HOLDER = new Map(APART.flatMap((name) => [name, ...(WITH[name] ?? [])].map((one) => [one, name])));

const librariesApart = {
  name: 'libraries-apart',
  setup: ({ onResolve }) =>
    onResolve({ filter: new RegExp(`^(${[...HOLDER.keys()].join('|')})$`) }, ({ path }) => ({
      path: `./lib/${HOLDER.get(path)}.cjs`,
      external: true,
    })),
};

/** Modules of Node that cost a hook some milliseconds, and that many runs never call. */
const builtInsLater = {
  name: 'built-ins-later',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^node:(crypto|fs\/promises|zlib)$/ }, ({ path, namespace }) =>
      namespace === 'later' ? { path, external: true } : { path, namespace: 'later' },
    );
    onLoad({ filter: /./, namespace: 'later' }, ({ path }) => {
      const names = Object.entries(createRequire(import.meta.url)(path)).flatMap(([name, value]) =>
        typeof value === 'function' ? [name] : [],
      );
      return {
        contents: names
          .map((name) => `export const ${name} = (...given) => require('${path}').${name}(...given);`)
          .join('\n'),
      };
    });
  },
};

/** Only tests and pages read a rule's examples, and to build them all costs every run: they are made when they are asked for. */
const examplesLater = {
  name: 'examples-later',
  setup: ({ onLoad }) =>
    onLoad({ filter: /[\\/]rules[\\/].*\.ts$/ }, ({ path }) => ({
      loader: 'ts',
      contents: readFileSync(path, 'utf8').replace(
        /\n  examples: (\{\n.*?\n  \}),?\n\}\);/s,
        '\n  get examples() {\n    return $1;\n  },\n});',
      ),
    })),
};

/** What a build keeps for later runs is for that build alone: the bundle knows the digest of its own text. */
function stamp(file) {
  const text = readFileSync(file, 'latin1');
  writeFileSync(
    file,
    text.replace(BUILD_MARK, createHash('sha256').update(text).digest('hex').slice(0, BUILD_MARK.length)),
    'latin1',
  );
}

/** esbuild writes strings in ASCII, and leaves the letters of regular expressions as they are: read as Latin-1, they would match others. */
function escapeLetters(file) {
  const text = readFileSync(file, 'utf8');
  // A letter beyond the first 65,536 is two units here as there.
  const escaped = text.replace(/[^\0-\x7f]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
  if (escaped !== text) writeFileSync(file, escaped, 'latin1');
}

/** The hook's bundle takes what judges from the whole one, and only once there is something to judge. */
const judgingOutside = {
  name: 'judging-outside',
  setup: ({ onResolve }) =>
    onResolve({ filter: /^\.\/(verdict|stamp|notices|flags|failure)\.ts$/ }, () => ({
      path: './repolicy.cjs',
      external: true,
    })),
};

function emitTypes(dist) {
  const types = join(dist, 'types');
  rmSync(types, { recursive: true, force: true });
  const tsc = join(root, 'node_modules/typescript/bin/tsc');
  const flags = [
    '--noEmit',
    'false',
    '--declaration',
    '--emitDeclarationOnly',
    '--rewriteRelativeImportExtensions',
    '--outDir',
    types,
  ];
  const { status } = spawnSync(process.execPath, [tsc, '-p', join(root, 'src/dev/tsconfig.types.json'), ...flags], {
    stdio: 'inherit',
  });
  if (status !== 0) throw new Error('the types do not build');
  // What index.d.ts names is in these two rooms; the rest came along because it is imported.
  rmSync(join(types, 'rules'), { recursive: true });
  for (const room of readdirSync(join(types, 'src'))) {
    if (!['core', 'report', 'index.d.ts'].includes(room)) rmSync(join(types, 'src', room), { recursive: true });
  }
}

/** The licence texts of the packages that the bundle holds. */
function licences(inputs) {
  const names = new Set(inputs.flatMap((path) => /(?:^|\/)node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(path)?.[1] ?? []));
  const sections = [...names].sort().map((name) => {
    const folder = join(root, 'node_modules', name);
    const { version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
    const file = readdirSync(folder).find((entry) => /^licen[cs]e/i.test(entry));
    const text = file ? readFileSync(join(folder, file), 'utf8').trim() : `Licence: ${license}`;
    return `${name} ${version} (${license})\n\n${text}\n`;
  });
  return `The bundles in lib/ hold these packages.\n\n${sections.join(`\n${'-'.repeat(80)}\n\n`)}`;
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) await build();
