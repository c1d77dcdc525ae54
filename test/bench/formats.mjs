import { build } from 'esbuild';
import { root } from '../../src/dev/install.mjs';

/** The room of credentials, built as the bundle has it. */
export async function credentialsRoom() {
  const names = ['matcher', 'formats/index', 'file-kind', 'checksum', 'alphabets'];
  const contents = [
    ...names.map((name) => `export * from './src/facts/credentials/${name}.ts';`),
    `export { sample } from './src/core/sample.ts';`,
    `export { labelledCases } from './test/labelled-secrets.ts';`,
  ].join('\n');
  const stdin = { contents, resolveDir: root };
  const { outputFiles } = await build({ stdin, bundle: true, platform: 'node', format: 'esm', write: false });
  return import(`data:text/javascript;base64,${Buffer.from(outputFiles[0].contents).toString('base64')}`);
}
