import { sample } from '../../../core/sample.ts';
import type { Format } from '../format.ts';

const rule = 'secrets/azure-key';

export const azure: readonly Format[] = [
  {
    id: 'azure-client-secret',
    rule,
    names: 'a Microsoft Entra client secret',
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
    keywords: ['AZDO'],
    lookback: { chars: /[A-Za-z0-9]/, most: 76 },
    expression: /[A-Za-z0-9]{76}AZDO[A-Za-z0-9]{4}(?![A-Za-z0-9])/y,
    sample: () => `${sample(76, 4)}AZDO${sample(4, 5)}`,
  },
  {
    id: 'azure-ai-key',
    rule,
    names: 'an Azure AI key',
    keywords: ['JQQJ9'],
    lookback: { chars: /[A-Za-z0-9]/, most: 52 },
    expression: /[A-Za-z0-9]{52}JQQJ9[9D][A-Za-z0-9][A-L][A-Za-z0-9]{16}[A-Za-z][A-Za-z0-9]{7}(?![A-Za-z0-9])/y,
    sample: () => `${sample(52, 6)}JQQJ99BA${sample(16, 7)}A${sample(7, 8)}`,
  },
  {
    id: 'azure-app-configuration',
    rule,
    names: 'an Azure App Configuration secret',
    keywords: ['.azconfig.io;Id='],
    lookback: { chars: /[\w-]/, most: 60 },
    expression: /[\w-]{1,60}\.azconfig\.io;Id=[^;\s]{4,80};Secret=(?<body>[A-Za-z0-9+/]{36,100})={0,2}/y,
    entropy: 3.5,
    sample: () => `Endpoint=https://«config.azconfig.io;Id=${sample(12, 9)};Secret=${sample(43, 10)}=»`,
  },
];
