import { secretRule } from './_format.ts';

export default secretRule({
  id: 'secrets/supabase-access-token',
  title: 'Do not commit a Supabase access token',
  why: 'It manages every project of the account: databases, settings, secrets and backups.',
  instead: 'Delete it at https://supabase.com/dashboard/account/tokens and issue a new one.',
  sources: ['https://supabase.com/docs/reference/api/introduction'],
});
