import { jsonSchema } from '../engine/policy/schema.ts';
import { catalogue } from './catalogue.ts';
import { EXIT, type ExitCode } from './exit.ts';

/** Prints the JSON Schema of the policy file, as it is published in schema.json. */
export async function schema(): Promise<ExitCode> {
  process.stdout.write(`${JSON.stringify(await jsonSchema(catalogue), null, 2)}\n`);
  return EXIT.clean;
}
