import { sample } from '../../../core/sample.ts';
import { BASE32, uuid } from '../alphabets.ts';
import { looksLikeSecret, secretBesideKeyId, weighKeyId } from '../aws.ts';
import { services } from '../services.ts';
import type { Format } from '../format.ts';

const rule = 'secrets/aws-access-key';

// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-unique-ids
export const aws: readonly Format[] = [
  {
    id: 'aws-access-key-id',
    rule,
    names: 'an AWS access key id',
    service: services.aws,
    keywords: ['AKIA', 'ASIA', 'ABIA', 'ACCA'],
    expression: /A(?:KI|SI|BI|CC)A[A-Z0-9]{16}(?![A-Za-z0-9])/y,
    left: 'base64',
    entropy: 2.5,
    weigh: weighKeyId,
    sample: () => `AKIA${sample(16, 1, BASE32)}`,
  },
  {
    id: 'aws-secret-access-key',
    rule,
    names: 'an AWS secret access key',
    service: services.aws,
    keywords: [
      'secret_access_key',
      'secretaccesskey',
      'secret-access-key',
      'aws_secret',
      'awssecret',
      'aws-secret',
      'secret_key',
    ],
    name: /secretaccesskey|awssecret|aws.{0,20}secretkey|^secretkey$/,
    value: /[A-Za-z0-9/+]{40}(?![A-Za-z0-9/+=_-])/y,
    entropy: 4.2,
    weigh: (secret, { before, after }) =>
      looksLikeSecret(secret) && /aws|A[KS]IA[A-Z2-7]{16}|secret_?access|amazon/i.test(before + after)
        ? {}
        : 'harmless',
    sample: () => `AWS_SECRET_ACCESS_KEY=«${sample(40, 2)}»`,
  },
  {
    id: 'aws-secret-beside-id',
    rule,
    names: 'an AWS secret access key',
    service: services.aws,
    keywords: ['AKIA', 'ASIA'],
    find: secretBesideKeyId,
    sample: () => `${'AKIA'}${'E'.repeat(16)}, «${sample(40, 3)}»`,
  },
  {
    id: 'aws-session-token',
    rule,
    names: 'an AWS session token',
    service: services.aws,
    keywords: ['IQoJb3JpZ2lu', 'FwoGZXIvYXdz', 'FQoGZXIvYXdz'],
    expression: /(?:IQoJb3JpZ2lu|FwoGZXIvYXdz|FQoGZXIvYXdz)[A-Za-z0-9+/]{80,4000}={0,2}/y,
    left: 'base64',
    entropy: 4,
    weigh: () => ({ atMost: 'warning', doubt: 'such tokens last some hours' }),
    sample: () => `IQoJb3JpZ2lu${sample(300, 4)}`,
  },
  {
    id: 'aws-bedrock-key',
    rule,
    names: 'an Amazon Bedrock API key',
    service: services.aws,
    keywords: ['ABSK'],
    expression: /ABSK[A-Za-z0-9+/]{109,269}={0,2}(?![A-Za-z0-9+/=])/y,
    left: 'base64',
    entropy: 4,
    weigh: (secret) =>
      Buffer.from(secret.slice(4), 'base64').toString('latin1').startsWith('BedrockAPIKey-') ? {} : 'harmless',
    sample: () => `ABSK${Buffer.from(`BedrockAPIKey-${sample(100, 5)}`).toString('base64')}`,
  },
  {
    id: 'aws-mws-token',
    rule,
    names: 'an Amazon MWS authorization token',
    service: services.aws,
    keywords: ['amzn.mws.'],
    expression: /amzn\.mws\.[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}(?![\w-])/y,
    left: 'dotted',
    sample: () => `amzn.mws.${uuid()}`,
  },
];
