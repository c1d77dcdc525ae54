import { defineRule } from '../../src/core/rule.ts';
import { sample } from '../../src/core/sample.ts';
import { sha256 } from '../../src/facts/credentials/checksum.ts';
import { credentialRanges } from '../../src/facts/credentials/credentials.ts';
import { fileKind } from '../../src/facts/credentials/file-kind.ts';
import { randomLiterals } from '../../src/facts/credentials/high-entropy.ts';
import { textFiles } from '../../src/facts/files.ts';

export default defineRule({
  id: 'secrets/high-entropy-string',
  title: 'Look at every quoted text that is too random to be anything but a key',
  why: 'Keys of services that nobody knows by their form, under names that do not say so, are found in no other way.',
  instead:
    'If it opens something, revoke it and read the new one from the environment; if not, allow it with the reason.',
  severity: 'warning',
  options: (z) => z.strictObject({}),

  over: textFiles,
  eachCommit: true,
  *check({ path, text }) {
    let known: readonly (readonly [number, number])[] | undefined;
    for (const [start, end] of randomLiterals(text, fileKind(path))) {
      known ??= credentialRanges(path, text) ?? [];
      if (known.some((other) => other[0] < end && other[1] > start)) continue;
      yield {
        message: `Holds a text of ${end - start} random characters, as keys have.`,
        at: { path, range: [start, end] },
        about: sha256(text.slice(start, end)).slice(0, 16),
        secret: true,
      };
    }
  },

  get examples() {
    const random = sample(40, 51);
    return {
      bad: [{ head: { 'src/a.ts': `connect('eu-1', '«${random}»');\n` } }],
      good: [
        {
          title: 'digests, ids and paths',
          head: {
            'src/a.ts': `load({ integrity: '${random}', id: "${'ab12'.repeat(8)}", at: 'assets/icons/arrow-left-16.svg' });\n`,
          },
        },
        {
          title: 'tests, documents and what is generated',
          head: { 'test/a.ts': `f('${random}')`, 'a.md': `"${random}"`, 'yarn.lock': `"${random}"` },
        },
      ],
    };
  },
});
