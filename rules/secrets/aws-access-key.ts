import { sample } from '../../src/core/sample.ts';
import { BASE32 } from '../../src/facts/credentials/alphabets.ts';
import { secretRule } from './_format.ts';

export default secretRule({
  id: 'secrets/aws-access-key',
  title: 'Do not commit an AWS access key',
  why: 'Such keys are found within minutes of a push and used to start machines, read storage and delete backups.',
  instead:
    'Deactivate and delete the key in the IAM console (Users > Security credentials), and give the program a role in place of a key.',
  sources: ['https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_access-keys.html'],

  examples: () => ({
    bad: [
      {
        title: 'both halves of a pair, the secret without a name',
        head: { 'keys.csv': `User,Key,Secret\nci,«AKIA${sample(16, 11, BASE32)}»,«${sample(40, 12)}»\n` },
      },
      {
        title: 'the secret alone, in YAML',
        head: { 'values.yaml': `aws:\n  secretAccessKey: «${sample(40, 13)}»\n` },
      },
      {
        title: 'a temporary pair',
        head: {
          'a.sh': `export AWS_ACCESS_KEY_ID=«ASIA${sample(16, 14, BASE32)}» AWS_SECRET_ACCESS_KEY=«${sample(40, 15)}»\n`,
        },
      },
    ],
    good: [
      {
        title: "the pair of AWS's own manual",
        head: {
          'README.md': `aws_access_key_id = ${'AKIA'}IOSFODNN7EXAMPLE\naws_secret_access_key = wJalr/K7MDENG/bPxRfiCY${'EXAMPLE'}KEY000000\n`,
        },
      },
      {
        title: 'a commit id, a path and a hash where a secret could stand',
        head: {
          'ci.yml':
            'aws-secret: 3f786850e387550fdab836ed7e6dc881de23001b\naws_secret_path: Infra/modules/Account2/secrets/production\n',
        },
      },
      {
        title: 'the value on the next line',
        head: { 'a.tf': `variable "aws_secret_access_key" {\n  description = "key"\n}\n# ${sample(40, 16)}\n` },
      },
    ],
  }),
});
