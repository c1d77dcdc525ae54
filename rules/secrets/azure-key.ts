import { secretRule } from './_format.ts';

export default secretRule({
  id: 'secrets/azure-key',
  title: 'Do not commit an Azure key',
  why: 'It opens storage, queues, models or the whole directory with no further question, from anywhere.',
  instead:
    'Regenerate the key in the Azure portal, where the resource or the app registration lists its keys, and use a managed identity in place of a key.',
  sources: ['https://learn.microsoft.com/en-us/azure/storage/common/storage-account-keys-manage'],

  examples: () => ({
    good: [
      {
        title: 'a connection string that is filled in later',
        head: {
          'a.env':
            'A=DefaultEndpointsProtocol=https;AccountName=app;AccountKey=${KEY};EndpointSuffix=core.windows.net\n',
        },
      },
    ],
  }),
});
