import type { Format } from '../format.ts';
import { ai } from './ai.ts';
import { aws } from './aws.ts';
import { azure } from './azure.ts';
import { chat } from './chat.ts';
import { ci } from './ci.ts';
import { databases } from './databases.ts';
import { generic } from './generic.ts';
import { github } from './github.ts';
import { gitlab } from './gitlab.ts';
import { google } from './google.ts';
import { hosting } from './hosting.ts';
import { keys } from './keys.ts';
import { mail } from './mail.ts';
import { monitoring } from './monitoring.ts';
import { payments } from './payments.ts';
import { registries } from './registries.ts';
import { vaults } from './vaults.ts';
import { workspaces } from './workspaces.ts';

/** Every format. Of two that want the same stretch of text, the earlier one has it. */
export const formats: readonly Format[] = [
  ...keys,
  ...github,
  ...gitlab,
  ...aws,
  ...google,
  ...azure,
  ...ai,
  ...chat,
  ...payments,
  ...registries,
  ...hosting,
  ...databases,
  ...vaults,
  ...mail,
  ...monitoring,
  ...ci,
  ...workspaces,
  ...generic,
];
