import { defineRule } from '../../src/core/rule.ts';
import { change } from '../../src/facts/change.ts';
import { unread } from '../../src/facts/files.ts';
import { namesListed } from '../../src/facts/inventory.ts';
import { isWorkflow, readWorkflow, secretsIn, workflowsOf } from '../../src/facts/workflows.ts';

const inventory = 'docs/SECRETS.md';
const path = '.github/workflows/deploy.yml';
const page = '# Secrets\n\n| Name | Owner |\n| --- | --- |\n| `FLY_API_TOKEN` | devops |\n\n<!-- OLD_TOKEN -->\n';
const step = (value: string) =>
  `jobs:\n  deploy:\n    steps:\n      - run: fly deploy # secrets.NOT_ME\n        env:\n          TOKEN: ${value}\n`;

export default defineRule({
  id: 'config/undocumented-secret',
  title: 'List every secret that a workflow uses',
  why: 'A secret that stands in no list is owned by nobody: nobody rotates it, and nobody can set up the project anew.',
  instead: 'Add it to the inventory with its purpose, its owner and where it is renewed.',
  severity: 'error',
  sources: ['https://docs.github.com/en/actions/reference/workflows-and-actions/contexts#secrets-context'],
  options: (z) =>
    z.strictObject({
      inventory: z
        .string()
        .min(1)
        .optional()
        .describe('The document that lists them: Markdown, JSON, YAML, TOML or .env.'),
      exempt: z.array(z.string()).default(['GITHUB_TOKEN']).describe('Secrets that need not stand there.'),
    }),

  over: change,
  counts: 'file',
  async *check({ head, changes }, { options: { inventory, exempt } }) {
    if (inventory === undefined) return;
    const changed = new Set(changes.flatMap(({ path, from = path }) => [path, from]));
    const own = changes.flatMap(({ path, after }) => (after?.kind === 'file' && isWorkflow(path) ? [path] : []));
    // What leaves the inventory may still be used in a workflow that nobody touched.
    const paths = changed.has(inventory) ? [...new Set([...own, ...(await workflowsOf(head))])] : own;
    if (paths.length === 0) return;
    const listed = (await namesListed(head, inventory)) ?? new Set();
    const known = new Set([...listed, ...exempt.map((name) => name.toUpperCase())]);
    for (const path of paths.sort()) {
      const content = await head.content(path);
      if (content.kind !== 'text') {
        yield { ...unread(path, content), needed: true };
        continue;
      }
      const read = await readWorkflow(content.text);
      if ('problem' in read) {
        yield {
          notice: 'not-judged',
          message: `${path} ${read.problem}: its secrets were not looked up.`,
          path,
          needed: true,
        };
        continue;
      }
      const said = new Set<string | undefined>();
      for (const { name, range } of secretsIn(read, content.text)) {
        if ((name !== undefined && known.has(name)) || said.has(name)) continue;
        said.add(name);
        const says =
          name === undefined
            ? 'Hands over all secrets at once, which no list can name'
            : `Uses the secret ${name}, which ${inventory} does not list`;
        const place = { path, range };
        const at = changed.has(path) ? place : { path: inventory };
        yield { message: `${says}.`, at, about: `${path} ${name ?? '*'}`, ...(at !== place && { related: [place] }) };
      }
    }
  },

  examples: {
    bad: [
      { options: { inventory }, head: { [inventory]: page, [path]: step('${{ «secrets.SENTRY_TOKEN» }}') } },
      {
        title: 'a comment is no list, and an index is a name',
        options: { inventory },
        head: { [inventory]: page, [path]: step("${{ «secrets['OLD_TOKEN']» || secrets.fly_api_token }}") },
      },
      {
        title: 'all at once',
        options: { inventory },
        head: { [inventory]: page, [path]: step('${{ toJSON(«secrets») }}') },
      },
      {
        title: 'one that leaves the list and is still used',
        options: { inventory },
        base: { [inventory]: page, [path]: step('${{ secrets.FLY_API_TOKEN }}') },
        head: { [`«${inventory}»`]: '# Secrets\n', [path]: step('${{ secrets.FLY_API_TOKEN }}') },
      },
      { title: 'no list at all', options: { inventory }, head: { [path]: step("x\n        if: «secrets.A» != ''") } },
    ],
    good: [
      {
        options: { inventory },
        head: { [inventory]: page, [path]: step('${{ secrets.FLY_API_TOKEN }}${{ secrets.GITHUB_TOKEN }}') },
      },
      {
        title: 'other contexts, and words',
        options: { inventory },
        head: { [path]: step("secrets.X ${{ vars.secrets }}${{ 'secrets.X' }}") },
      },
      { title: 'nothing is asked before the policy says so', head: { [path]: step('${{ secrets.X }}') } },
    ],
  },
});
