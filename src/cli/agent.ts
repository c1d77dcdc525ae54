import { openRepository, drain } from '../repo/open.ts';
import { compact } from '../report/compact.ts';
import { AGENTS, type Agent } from '../setup/agents.ts';
import { bypass } from '../setup/bypass.ts';
import { EXIT, UsageError, type ExitCode } from './exit.ts';
import { DEFAULT_FLAGS } from './flags.ts';
import { judgeAndReport, storeIn } from './verdict.ts';

/** As much of what agents hand to their hooks as is read here. */
interface AgentEvent {
  readonly hook_event_name?: string;
  readonly tool_input?: { readonly command?: unknown };
  /** Of Cursor. */
  readonly command?: unknown;
  /** It was held back once already. */
  readonly stop_hook_active?: boolean;
  readonly loop_count?: number;
}

/** With this code an agent's hook says no; what stands on standard error is shown to the agent. */
const NO = 2 as const satisfies ExitCode;

/** Answers a coding agent's own hook: before a shell command, and before it is done. */
export async function agent(name: string, cwd: string): Promise<ExitCode> {
  if (!AGENTS.some((known) => known === name)) {
    throw new UsageError(`There is no agent "${name}" here. Agents: ${AGENTS.join(', ')}.`);
  }
  const event = readEvent((await drain(process.stdin)).toString('utf8'));
  const command = event.tool_input?.command ?? event.command;
  if (typeof command === 'string') return answer(name as Agent, 'command', refusal(command));
  if (!/^stop$/i.test(event.hook_event_name ?? '')) return EXIT.clean;
  // Told once, it may know better than we do; and nobody wants it to run in circles.
  if (event.stop_hook_active || (event.loop_count ?? 0) > 0) return EXIT.clean;
  return answer(name as Agent, 'stop', await unfinished(cwd));
}

function readEvent(text: string): AgentEvent {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? value : {};
  } catch {
    throw new UsageError('An agent hands its hook a JSON object on standard input, and this was none.');
  }
}

function refusal(command: string): string | undefined {
  const found = bypass(command);
  return found === undefined
    ? undefined
    : `Not run: \`${found}\` steps around the hooks of this repository. Leave it out. A finding says what to do instead, and \`repolicy explain <rule>\` says more; if a hook itself does not work, \`repolicy doctor\` says why, and the person you work for decides.\n`;
}

/** What is wrong with work that is not committed yet. */
async function unfinished(cwd: string): Promise<string | undefined> {
  const repository = await openRepository(cwd);
  let said: string | undefined;
  try {
    const code = await judgeAndReport(await repository.uncommitted(), DEFAULT_FLAGS, {
      cwd,
      ...storeIn(repository),
      formats: [],
      notices: repository.notices,
      silent: true,
      also: (report) => (said = compact(report)),
    });
    return code === EXIT.findings && said !== undefined ? `Before you are done, mend this:\n${said}` : undefined;
  } finally {
    await repository.close();
  }
}

function answer(name: Agent, about: 'command' | 'stop', message: string | undefined): ExitCode {
  if (name === 'cursor') {
    // An "allow" would take the place of the person who is asked: without a word from here, Cursor does as it is set up.
    const no =
      about === 'command'
        ? { permission: 'deny', user_message: message, agent_message: message }
        : { followup_message: message };
    process.stdout.write(`${JSON.stringify(message === undefined ? {} : no)}\n`);
    return EXIT.clean;
  }
  if (message === undefined) return EXIT.clean;
  process.stderr.write(message);
  return NO;
}
