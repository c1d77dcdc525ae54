import { sample } from '../../src/core/sample.ts';
import { sampleWithCrc32 } from '../../src/facts/credentials/formats/github.ts';
import { secretRule } from './_format.ts';

export default secretRule({
  id: 'secrets/github-token',
  title: 'Do not commit a GitHub token',
  why: "Whoever holds it reads private code and pushes to it in its owner's name.",
  instead:
    "Delete it at https://github.com/settings/tokens (an app's: in the settings of the app) and issue a new one.",
  sources: [
    'https://github.blog/engineering/platform-security/behind-githubs-new-authentication-token-formats/',
    'https://docs.github.com/en/authentication/keeping-your-account-and-data-secure/about-authentication-to-github#githubs-token-formats',
  ],

  examples: () => ({
    bad: [
      {
        title: 'in a URL, and behind a written line end',
        head: {
          'a.sh': `git clone https://x:«${sampleWithCrc32('ghp_', 30, 21)}»@github.com/a/b\nprintf "\\n«${sampleWithCrc32('ghp_', 30, 22)}»"\n`,
        },
      },
      {
        title: "with a wrong checksum: nobody's token, worth a warning",
        head: { 'test/a.ts': `const token = '«ghp_${sample(36, 23)}»';\n` },
      },
      {
        title: 'in a lock file',
        head: {
          'yarn.lock': `  resolved "https://npm.pkg.github.com/a.tgz?token=«${sampleWithCrc32('ghp_', 30, 24)}»"\n`,
        },
      },
      {
        title: 'in the message of a commit',
        head: { '«»': '' },
        message: `fix: log in\n\nwith ${sampleWithCrc32('ghp_', 30, 25)}\n`,
      },
    ],
    good: [
      { title: 'an alphabet', head: { 'a.md': `ghp_${'1234567890abcdefghijklmnopqrstuvwxyz'}` } },
      { title: 'a word inside another', head: { 'a.c': `int weigh${sampleWithCrc32('ghp_', 30, 26)};` } },
      { title: 'a variable', head: { 'a.yml': 'token: ${{ secrets.GITHUB_TOKEN }}\nauth: <ghp_your-token>\n' } },
    ],
  }),
});
