import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ChangeSet } from '../core/change.ts';
import type { Finding } from '../core/finding.ts';
import { BASELINE_FILE, makeBaseline, readBaseline } from '../engine/baseline.ts';
import { judge } from '../engine/judge.ts';
import { readToml } from '../facts/toml.ts';
import { openRepository } from '../repo/open.ts';
import { fromGitleaks, fromIgnoreFile, fromSecretlint, type Imported } from '../setup/secrets-import.ts';
import { catalogue } from './catalogue.ts';
import { EXIT, UsageError, type ExitCode } from './exit.ts';
import { DEFAULT_FLAGS } from './flags.ts';
import { loadPolicies } from './policies.ts';

const POLICY = 'repolicy.jsonc';
const BASELINES = ['.secrets.baseline'];
const READERS: Readonly<Record<string, (text: string, file: string) => Promise<Imported>>> = {
  '.gitleaks.toml': gitleaks,
  'gitleaks.toml': gitleaks,
  '.betterleaks.toml': gitleaks,
  '.secretlintrc.json': secretlint,
  '.secretlintrc': secretlint,
  '.secretlintignore': async (text, file) => fromIgnoreFile(text, file),
};

interface ImportFlags {
  readonly write?: boolean;
}

/** Takes over what gitleaks, detect-secrets and secretlint were told in this repository: shows it, or writes it with --write. */
export async function importSecrets(given: readonly string[], { write }: ImportFlags, cwd: string): Promise<ExitCode> {
  const repository = await openRepository(cwd);
  try {
    const root = repository.topLevel;
    if (root === undefined) throw new UsageError('A bare repository has no files to import.');
    const files = (given.length > 0 ? given : [...Object.keys(READERS), ...BASELINES]).filter((file) => {
      if (existsSync(join(root, file))) return true;
      if (given.length > 0) throw new UsageError(`There is no file ${file} at the top of the repository.`);
      return false;
    });
    const say = (line: string) => process.stderr.write(`${line}\n`);
    if (existsSync(join(root, '.gitleaksignore')))
      say('.gitleaksignore counts where it stands: nothing is to be imported from it.');
    if (files.length === 0) {
      say(
        'There is nothing to import: no file of gitleaks, detect-secrets or secretlint at the top of the repository.',
      );
      return EXIT.clean;
    }
    const imported: Imported[] = [];
    for (const file of files) {
      const name = file.slice(file.lastIndexOf('/') + 1);
      const text = readFileSync(join(root, file), 'utf8');
      const read = READERS[name] ?? (name.endsWith('.toml') ? gitleaks : undefined);
      if (read) imported.push(await read(text, file));
      else if (!name.endsWith('.baseline'))
        throw new UsageError(
          `${file} is none of the files that can be imported: ${[...Object.keys(READERS), ...BASELINES].join(', ')}.`,
        );
      else {
        const accepted = await acceptedIn(await repository.audit(), text, file);
        const path = join(root, BASELINE_FILE);
        if (write) writeFileSync(path, `${JSON.stringify(await joined(path, accepted.findings), null, 2)}\n`);
        say(
          `${file}: ${accepted.findings.length} of its ${accepted.listed} entries are findings here, ${write ? `and stand in ${BASELINE_FILE} now` : `for ${BASELINE_FILE}`}.`,
        );
      }
    }
    const formats = imported.flatMap((one) => one.formats);
    const allow = imported.flatMap((one) => one.allow);
    for (const line of imported.flatMap((one) => one.left)) say(`not imported: ${line}`);
    if (formats.length + allow.length === 0) return EXIT.clean;
    const path = join(root, POLICY);
    const edited = await inserted(existsSync(path) ? readFileSync(path, 'utf8') : '{}\n', formats, allow);
    if (write) {
      writeFileSync(path, edited);
      say(
        `Wrote ${POLICY}: ${formats.length} formats, ${allow.length} entries of "allow". Give each format examples of what it finds.`,
      );
    } else {
      process.stdout.write(edited);
      say(`Nothing was written. With --write, this is ${POLICY}.`);
    }
    return EXIT.clean;
  } finally {
    await repository.close();
  }
}

async function gitleaks(text: string, file: string): Promise<Imported> {
  try {
    return fromGitleaks((await readToml(text)).value as Record<string, unknown>, file);
  } catch (error) {
    throw new UsageError(`${file} is not TOML: ${(error as Error).message.split('\n')[0]}`);
  }
}

async function secretlint(text: string, file: string): Promise<Imported> {
  const { parse } = await import('jsonc-parser');
  return fromSecretlint((parse(text) ?? {}) as Record<string, unknown>, file);
}

/** The findings of today's tree that a baseline of detect-secrets lists: by the digest of the secret, or by line. */
async function acceptedIn(
  change: ChangeSet,
  text: string,
  file: string,
): Promise<{ findings: Finding[]; listed: number }> {
  let results: Record<string, { hashed_secret?: string; line_number?: number; is_secret?: boolean }[]>;
  try {
    results = (JSON.parse(text) as { results?: typeof results }).results ?? {};
  } catch {
    throw new UsageError(`${file} is not JSON.`);
  }
  const policies = await loadPolicies(change, DEFAULT_FLAGS);
  const { findings } = await judge(change, { catalogue, ...policies, only: ['secrets/*'] });
  const accepted: Finding[] = [];
  for (const finding of findings) {
    const { path, range } = finding.at;
    const listed = path === undefined ? [] : (results[path] ?? []).filter((entry) => entry.is_secret !== true);
    const content = listed.length > 0 && range ? await change.head.read(path!) : undefined;
    if (content === undefined || !range) continue;
    const digest = createHash('sha1')
      .update(content.slice(...range))
      .digest('hex');
    const line = content.slice(0, range[0]).split('\n').length;
    if (listed.some((entry) => entry.hashed_secret === digest || entry.line_number === line)) accepted.push(finding);
  }
  return { findings: accepted, listed: Object.values(results).reduce((sum, entries) => sum + entries.length, 0) };
}

async function joined(path: string, accepted: readonly Finding[]) {
  const old = existsSync(path) ? readBaseline(readFileSync(path, 'utf8')) : { version: 1 as const, findings: [] };
  const known = new Set(old.findings.map(({ fingerprint }) => fingerprint));
  const added = makeBaseline(accepted).findings.filter(({ fingerprint }) => !known.has(fingerprint));
  return { version: 1, findings: [...old.findings, ...added] };
}

/** The policy with what is imported behind what it has; its comments stay. */
async function inserted(text: string, formats: Imported['formats'], allow: Imported['allow']): Promise<string> {
  const { applyEdits, modify, parse } = await import('jsonc-parser');
  const options = { formattingOptions: { insertSpaces: true, tabSize: 2 } };
  const policy = (parse(text) ?? {}) as { rules?: Record<string, unknown>; allow?: unknown[]; extends?: unknown };
  let edited = text;
  const set = (path: (string | number)[], value: unknown) =>
    (edited = applyEdits(edited, modify(edited, path, value, options)));
  if (policy.extends === undefined && policy.rules === undefined) set(['extends'], ['recommended']);
  if (formats.length > 0) {
    const rule = policy.rules?.['secrets/custom-format'];
    const before = Array.isArray(rule) ? ((rule[1] as { formats?: { id: string }[] } | undefined)?.formats ?? []) : [];
    const known = new Set(before.map(({ id }) => id));
    const severity: unknown = Array.isArray(rule) ? rule[0] : (rule ?? 'error');
    set(
      ['rules', 'secrets/custom-format'],
      [severity, { formats: [...before, ...formats.filter(({ id }) => !known.has(id))] }],
    );
  }
  if (allow.length > 0) set(['allow'], [...(policy.allow ?? []), ...allow]);
  return edited.endsWith('\n') ? edited : `${edited}\n`;
}
