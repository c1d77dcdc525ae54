import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import v8 from 'node:v8';

// The floor for everything that understands SQL: read each migration and parse it, no more.
v8.setFlagsFromString('--no-wasm-tier-up');
v8.setFlagsFromString('--no-wasm-dynamic-tiering');
const { loadModule, parseSync } = await import('libpg-query');
await loadModule();
const folder = join(process.argv[2], 'supabase/migrations');
for (const name of readdirSync(folder)) parseSync(readFileSync(join(folder, name), 'utf8'));
