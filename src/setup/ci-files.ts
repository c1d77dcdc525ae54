import { callsRepolicy } from './hooks.ts';
import { indented, type Write } from './plan.ts';
import type { Installer, Repository } from './repository.ts';
import { insertIntoYaml, type Insertion } from './yaml.ts';

export const CI_PROVIDERS = ['github', 'gitlab', 'bitbucket', 'azure', 'circleci', 'buildkite'] as const;
export type CiProvider = (typeof CI_PROVIDERS)[number];

export const WORKFLOWS = '.github/workflows';
const FILES: Record<CiProvider, string> = {
  github: `${WORKFLOWS}/repolicy.yml`,
  gitlab: '.gitlab-ci.yml',
  bitbucket: 'bitbucket-pipelines.yml',
  azure: 'azure-pipelines.yml',
  circleci: '.circleci/config.yml',
  buildkite: '.buildkite/pipeline.yml',
};
export const CI_FILES: readonly string[] = Object.values(FILES);

/** A job that has CI judge: what is written, or what is left to a person. */
export interface CiPlan {
  readonly writes: readonly Write[];
  readonly left: readonly string[];
}

/** Whose file is there already, or else where origin lives. */
export function detectCi({ files, remote = '' }: Repository): CiProvider | undefined {
  const workflow = [...files.keys()].some((path) => path.startsWith(`${WORKFLOWS}/`));
  const present = CI_PROVIDERS.find((provider) => files.has(FILES[provider]) || (provider === 'github' && workflow));
  return present ?? HOSTS.find(([host]) => host.test(remote))?.[1];
}

const HOSTS: readonly (readonly [RegExp, CiProvider])[] = [
  [/^(?:https?:\/\/|ssh:\/\/)?(?:[^/@]*@)?github\.com[:/]/, 'github'],
  [/^(?:https?:\/\/|ssh:\/\/)?(?:[^/@]*@)?gitlab\.[^/]+[:/]/, 'gitlab'],
  [/^(?:https?:\/\/|ssh:\/\/)?(?:[^/@]*@)?bitbucket\.org[:/]/, 'bitbucket'],
  [/^(?:https?:\/\/|ssh:\/\/)?(?:[^/@]*@)?(?:ssh\.)?dev\.azure\.com[:/]/, 'azure'],
];

/** The CI files that have repolicy judge already. */
export const wiredCi = ({ files }: Pick<Repository, 'files'>): string[] =>
  [...files].flatMap(([path, text]) =>
    (CI_FILES.includes(path) || path.startsWith(`${WORKFLOWS}/`)) && callsRepolicy(text) ? [path] : [],
  );

/** A new file, or a job in the one that is there; a snippet where that file cannot be edited without touching the rest of it. */
export async function planCi(repository: Repository, provider: CiProvider, version: string): Promise<CiPlan> {
  if (wiredCi(repository).length > 0) return { writes: [], left: [] };
  const path = FILES[provider];
  const before = repository.files.get(path);
  const steps = stepsOf(repository, version);
  const { whole, part, hint = [] } = TEXTS[provider](steps, trunkOf(repository));
  const { stringify } = await import('yaml');
  if (before === undefined || before.trim() === '') {
    const [comment, content] = whole;
    return {
      writes: [{ path, text: `${comment}${stringify(content, { lineWidth: 0 })}`, reason: REASON }],
      left: hint,
    };
  }
  let text: string | undefined = before;
  for (const insertion of part) text = text === undefined ? undefined : await insertIntoYaml(text, insertion);
  if (text !== undefined && text !== before) return { writes: [{ path, text, reason: REASON }], left: hint };
  return { writes: [], left: [`Add this to ${path}:\n${indented(stringify(whole[1], { lineWidth: 0 }))}`, ...hint] };
}

const REASON = 'judges pull requests, merge queues and pushes where no hook can be passed over';

interface Steps {
  readonly install: readonly string[];
  readonly run: string;
  /** '' at the top. */
  readonly dir: string;
}

const INSTALL: Record<Installer, readonly string[]> = {
  // Install scripts are code of the change: nothing here needs one.
  npm: ['npm ci --ignore-scripts'],
  pnpm: ['corepack enable', 'pnpm install --frozen-lockfile --ignore-scripts'],
  yarn: ['corepack enable', 'yarn install --frozen-lockfile --ignore-scripts'],
  berry: ['corepack enable', 'yarn install --immutable --mode=skip-build'],
  bun: ['npm install --global bun', 'bun install --frozen-lockfile --ignore-scripts'],
};

function stepsOf({ package: found }: Repository, version: string): Steps {
  if (!found) return { install: [], run: `npx --yes repolicy@${version} ci`, dir: '' };
  const run = found.installer === 'berry' ? 'yarn repolicy ci' : 'npx --no-install repolicy ci';
  return { install: INSTALL[found.installer], run, dir: found.dir.replace(/\/$/, '') };
}

const trunkOf = ({ base }: Repository): string => base?.replace(/^origin\//, '') ?? 'main';

interface Text {
  /** For a file that is not there yet: what stands above it, and its content. */
  readonly whole: readonly [comment: string, content: object];
  /** For a file that is there: what is added to it, one after the other. */
  readonly part: readonly ((has: (path: readonly string[]) => boolean) => Insertion | undefined)[];
  /** What only a person can do. */
  readonly hint?: readonly string[];
}

const NODE = 22;
const required = (where: string): string[] => [
  `Make "repolicy" a required check (${where}): without that, CI only advises.`,
];
const script = ({ install, run, dir }: Steps): string[] => [
  ...(dir ? [`cd ${JSON.stringify(dir)}`] : []),
  ...install,
  run,
];

const TEXTS: Record<CiProvider, (steps: Steps, trunk: string) => Text> = {
  github: (steps, trunk) => ({
    whole: [
      '# "edited" is among the types because titles and bodies are judged as well; a merge queue waits for every required\n# check, so this one runs there, too. The check has one name in all three.\n',
      {
        name: 'repolicy',
        on: {
          pull_request: { types: ['opened', 'reopened', 'synchronize', 'edited'] },
          merge_group: { types: ['checks_requested'] },
          push: { branches: [trunk] },
        },
        permissions: { contents: 'read' },
        jobs: {
          repolicy: {
            'runs-on': 'ubuntu-latest',
            'timeout-minutes': 15,
            ...(steps.dir && { defaults: { run: { 'working-directory': steps.dir } } }),
            steps: [
              { uses: 'actions/checkout@v4', with: { 'fetch-depth': 0, 'persist-credentials': false } },
              { uses: 'actions/setup-node@v4', with: { 'node-version': NODE } },
              ...[...steps.install, steps.run].map((run) => ({ run })),
            ],
          },
        },
      },
    ],
    part: [],
    hint: required('Settings, Rules'),
  }),
  gitlab: (steps) => {
    const job = {
      image: `node:${NODE}`,
      variables: { GIT_DEPTH: '0' },
      rules: [
        { if: '$CI_PIPELINE_SOURCE == "merge_request_event"' },
        { if: '$CI_COMMIT_BRANCH == $CI_DEFAULT_BRANCH' },
      ],
      script: [...script(steps).slice(0, -1), `${steps.run} --format text --format gitlab=${REPORT}`],
      artifacts: { when: 'always', reports: { codequality: steps.dir ? `${steps.dir}/${REPORT}` : REPORT } },
    };
    return {
      whole: [
        '# GIT_DEPTH: 0 fetches the whole history: where a branch began cannot be told from less.\n',
        { repolicy: job },
      ],
      part: [(has) => ({ at: [], add: { repolicy: { ...(has(['stages']) && { stage: '.pre' }), ...job } } })],
      hint: ['Turn on "Pipelines must succeed" (Settings, Merge requests): without that, CI only advises.'],
    };
  },
  bitbucket: (steps, trunk) => {
    const step = { step: { name: 'repolicy', image: `node:${NODE}`, clone: { depth: 'full' }, script: script(steps) } };
    return {
      whole: ['', { pipelines: { 'pull-requests': { '**': [step] }, branches: { [trunk]: [step] } } }],
      part: [
        (has) =>
          has(['pipelines', 'pull-requests'])
            ? undefined
            : { at: ['pipelines'], add: { 'pull-requests': { '**': [step] } } },
      ],
      hint: [
        'Turn on "Check the last commit for at least 1 successful build" (Repository settings, Branch restrictions).',
      ],
    };
  },
  azure: (steps, trunk) => {
    const job = {
      job: 'repolicy',
      pool: { vmImage: 'ubuntu-latest' },
      steps: [
        { checkout: 'self', fetchDepth: 0, persistCredentials: false },
        { task: 'UseNode@1', inputs: { version: `${NODE}.x` } },
        ...[...steps.install, steps.run].map((line) => ({
          script: line,
          ...(steps.dir && { workingDirectory: steps.dir }),
        })),
      ],
    };
    return {
      whole: ['', { trigger: [trunk], pr: ['*'], jobs: [job] }],
      part: [(has) => (has(['jobs']) ? { at: ['jobs'], add: [job] } : undefined)],
      hint: [
        `In Azure Repos, add this pipeline to the build validation of ${trunk} (Branch policies): "pr" counts for GitHub alone.`,
      ],
    };
  },
  circleci: (steps) => {
    const job = {
      docker: [{ image: `cimg/node:${NODE}.14` }],
      // A job is not told what stood there before a push: this hands it on.
      environment: { CIRCLE_BASE_REVISION: '<< pipeline.git.base_revision >>' },
      steps: [
        { checkout: { method: 'full' } },
        ...script(steps)
          .slice(steps.dir ? 1 : 0)
          .map((command) => ({ run: steps.dir ? { command, working_directory: steps.dir } : command })),
      ],
    };
    const workflow = { jobs: ['repolicy'] };
    return {
      whole: ['', { version: 2.1, jobs: { repolicy: job }, workflows: { repolicy: workflow } }],
      part: [
        (has) => (has(['jobs']) && has(['workflows']) ? { at: ['jobs'], add: { repolicy: job } } : undefined),
        (has) => (has(['jobs', 'repolicy']) ? { at: ['workflows'], add: { repolicy: workflow } } : undefined),
      ],
      hint: required('in GitHub’s or Bitbucket’s branch rules'),
    };
  },
  buildkite: (steps) => {
    const step = { label: 'repolicy', key: 'repolicy', command: script(steps) };
    return {
      whole: ['# The agent must have Node and Git, and must not clone with --depth.\n', { steps: [step] }],
      part: [(has) => (has(['steps']) ? { at: ['steps'], add: [step] } : undefined)],
      hint: ['Have Buildkite build pull requests (Pipeline settings, GitHub), and make its check a required one.'],
    };
  },
};

const REPORT = 'gl-code-quality-report.json';
