import { sample } from '../../../core/sample.ts';
import { services } from '../services.ts';
import { ends, runAfter, runBefore } from '../around.ts';
import type { Format, Stretch } from '../format.ts';
import { isFiller } from '../placeholder.ts';

const rule = 'secrets/azure-key';

export const azure: readonly Format[] = [
  {
    id: 'azure-client-secret',
    rule,
    names: 'a Microsoft Entra client secret',
    service: services.azure,
    keywords: ['Q~'],
    lookback: { chars: /[\w~.]/, most: 4 },
    expression: /[A-Za-z0-9_~.]{3}\dQ~[\w~.-]{31,34}(?![\w~.-])/y,
    entropy: 3.5,
    sample: () => `abC8Q~${sample(34)}`,
  },
  {
    id: 'azure-storage-key',
    rule,
    names: 'an Azure storage account key',
    service: services.azure,
    keywords: ['accountkey', 'account_key', 'storagekey', 'storage_key', 'storage_account_key', 'storage_access_key'],
    name: /(?:account|storage|access)key$/,
    value: /[A-Za-z0-9+/]{86}==/y,
    entropy: 4,
    // The key of Azurite, the storage emulator.
    published: ['0011cc25eb4320717494d2703e8cba85743e71b500283c21c8b88147992f9059'],
    sample: () => `AccountKey=«${sample(86, 2)}==»;EndpointSuffix=core.windows.net`,
  },
  {
    id: 'azure-shared-access-key',
    rule,
    names: 'an Azure Service Bus or Event Hubs key',
    service: services.azure,
    keywords: ['sharedaccesskey'],
    name: /sharedaccesskey$/,
    value: /[A-Za-z0-9+/]{43}=(?!=)/y,
    entropy: 3.5,
    sample: () => `SharedAccessKeyName=Root;SharedAccessKey=«${sample(43, 3)}=»`,
  },
  {
    id: 'azure-devops-pat',
    rule,
    names: 'an Azure DevOps personal access token',
    service: services.azureDevops,
    keywords: ['AZDO'],
    lookback: { chars: /[A-Za-z0-9]/, most: 76 },
    expression: /[A-Za-z0-9]{76}AZDO[A-Za-z0-9]{4}(?![A-Za-z0-9])/y,
    sample: () => `${sample(76, 4)}AZDO${sample(4, 5)}`,
  },
  {
    id: 'azure-ai-key',
    rule,
    names: 'an Azure AI key',
    service: services.azure,
    keywords: ['JQQJ9'],
    lookback: { chars: /[A-Za-z0-9]/, most: 52 },
    expression: /[A-Za-z0-9]{52}JQQJ9[9D][A-Za-z0-9][A-L][A-Za-z0-9]{16}[A-Za-z][A-Za-z0-9]{7}(?![A-Za-z0-9])/y,
    sample: () => `${sample(52, 6)}JQQJ99BA${sample(16, 7)}A${sample(7, 8)}`,
  },
  {
    id: 'azure-app-configuration',
    rule,
    names: 'an Azure App Configuration secret',
    service: services.azure,
    keywords: ['.azconfig.io;Id='],
    lookback: { chars: /[\w-]/, most: 60 },
    expression: /[\w-]{1,60}\.azconfig\.io;Id=[^;\s]{4,80};Secret=(?<body>[A-Za-z0-9+/]{36,100})={0,2}/y,
    entropy: 3.5,
    sample: () => `Endpoint=https://«config.azconfig.io;Id=${sample(12, 9)};Secret=${sample(43, 10)}=»`,
  },
  {
    id: 'azure-sas-token',
    rule,
    names: 'a shared access signature of Azure storage',
    service: services.azure,
    keywords: ['sig='],
    find: sharedAccessAt,
    sample: () =>
      `https://acme.blob.core.windows.net/a?sv=2023-11-03&sr=c&sp=rl&se=2031-01-01T00%3A00%3A00Z&sig=«${sample(43, 11)}%3D»`,
  },
];

const END_OF_URL = ends(' \t\r\n"\'<>');
const SIGNATURE = /sig=([A-Za-z0-9+/%]{43,140}=?)/y;

/** The signature in a URL's query that also gives a version and, mostly, when it ends. */
function* sharedAccessAt(text: string, at: number): Iterable<Stretch> {
  if (!/[?&;"']$/.test(text.slice(Math.max(0, at - 1), at))) return;
  SIGNATURE.lastIndex = at;
  const [all, signature = ''] = SIGNATURE.exec(text) ?? [];
  const plain = signature
    .replace(/%2[Bb]/g, '+')
    .replace(/%2[Ff]/g, '/')
    .replace(/%3[Dd]|=/g, '');
  if (!all || plain.length !== 43 || isFiller(plain)) return;
  const query = runBefore(text, at, END_OF_URL, 400) + runAfter(text, at + all.length, END_OF_URL, 400);
  if (!/[?&;]sv=\d{4}-\d\d-\d\d/.test(query)) return;
  const ends = Date.parse(decode(/[?&;]se=([\w%:.-]{10,40})/.exec(query)?.[1] ?? ''));
  yield {
    start: at + 4,
    end: at + all.length,
    ...(!Number.isNaN(ends) && { expires: ends / 1000 }),
  };
}

const decode = (text: string): string => text.replace(/%3[Aa]/g, ':').replace(/%2[Bb]/g, '+');
