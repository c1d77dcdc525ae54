import { defineFact } from '../core/fact.ts';
import type { Snapshot } from '../core/snapshot.ts';
import { readProse, sectionsNamed } from './prose.ts';

const FOLDERS = ['.github', '', 'docs', '.gitlab/merge_request_templates'];
const NAME = /^(?:pull_request_template|merge_request_template|default)\.(?:md|markdown|txt)$/i;

/** The template of pull requests that GitHub or GitLab would take, if there is just one. */
export const proposalTemplate = defineFact(async (snapshot): Promise<string | undefined> => {
  for (const folder of FOLDERS) {
    const names = (await snapshot.folder(folder)).filter(
      (name) => NAME.test(name) && (folder.startsWith('.gitlab') || !/^default/i.test(name)),
    );
    const [name] = names.sort();
    if (name !== undefined) return snapshot.read(folder === '' ? name : `${folder}/${name}`);
  }
  return undefined;
});

/** What the template says under a heading; undefined where it has no such heading. */
export async function templateText(snapshot: Snapshot, heading: string): Promise<string | undefined> {
  const template = await proposalTemplate(snapshot);
  if (template === undefined) return undefined;
  const prose = await readProse(template);
  return 'problem' in prose ? undefined : sectionsNamed(prose, heading)[0]?.text;
}
