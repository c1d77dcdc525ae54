import { setInJson } from './package.ts';
import { engineCommand, indented, type Write } from './plan.ts';
import type { Repository } from './repository.ts';

/** Coding agents that have hooks of their own. */
export const AGENTS = ['claude', 'codex', 'cursor'] as const;
export type Agent = (typeof AGENTS)[number];

const FILES: Record<Agent, string> = {
  claude: '.claude/settings.json',
  codex: '.codex/hooks.json',
  cursor: '.cursor/hooks.json',
};
export const AGENT_FILES: readonly string[] = Object.values(FILES);

/** Those whose file is here. */
export const detectAgents = ({ files }: Repository): Agent[] => AGENTS.filter((agent) => files.has(FILES[agent]));

export interface AgentPlan {
  readonly writes: readonly Write[];
  readonly left: readonly string[];
}

/**
 * Two hooks: one before a shell command, which refuses what would step around Git's hooks, and one before the agent is
 * done, which shows it what is wrong with its uncommitted work. Everything else in the file stays as it is.
 */
export async function planAgent(repository: Repository, agent: Agent): Promise<AgentPlan> {
  const path = FILES[agent];
  const before = repository.files.get(path);
  if (/\brepolicy\b/.test(before ?? '')) return { writes: [], left: [] };
  const { parse } = await import('jsonc-parser');
  const errors: object[] = [];
  const now = before === undefined ? {} : (parse(before, errors as never) as unknown);
  const hooks = hooksOf(agent, repository);
  if (errors.length > 0 || typeof now !== 'object' || now === null) {
    return { writes: [], left: [`Add this to ${path}:\n${indented(JSON.stringify({ hooks }, undefined, 2))}`] };
  }
  const empty = agent === 'cursor' ? '{\n  "version": 1\n}\n' : '{}\n';
  let text = before ?? empty;
  for (const [event, entry] of Object.entries(hooks)) {
    const there = (now as { hooks?: Record<string, unknown> }).hooks?.[event];
    text = await setInJson(text, ['hooks', event], [...(Array.isArray(there) ? (there as unknown[]) : []), ...entry]);
  }
  const hint =
    agent === 'codex'
      ? [
          'Codex runs hooks in projects that it trusts; older versions need `codex_hooks = true` under [features] in config.toml.',
        ]
      : [];
  return { writes: [{ path, text, reason: `keeps ${NAMES[agent]} from stepping around the hooks` }], left: hint };
}

const NAMES: Record<Agent, string> = { claude: 'Claude Code', codex: 'Codex', cursor: 'Cursor' };

function hooksOf(agent: Agent, repository: Repository): Record<string, object[]> {
  const engine = engineCommand(repository);
  // Claude Code may stand in a folder below; the others start their hooks at the top.
  const command = `${agent === 'claude' && repository.package ? engine.replace(/^node /, 'node "$CLAUDE_PROJECT_DIR"/') : engine} agent ${agent}`;
  if (agent === 'cursor') return { beforeShellExecution: [{ command }], stop: [{ command }] };
  const hooks = [{ type: 'command', command }];
  return { PreToolUse: [{ matcher: 'Bash', hooks }], Stop: [{ hooks }] };
}
