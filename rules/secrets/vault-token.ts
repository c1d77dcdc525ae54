import { secretRule } from './_format.ts';

export default secretRule({
  id: 'secrets/vault-token',
  title: 'Do not commit what opens a vault of secrets',
  why: 'It opens every other secret that the vault, the state or the password manager holds.',
  instead: 'Revoke it in the vault that the message names, look in its log for uses, and replace what it could read.',
  sources: ['https://developer.hashicorp.com/vault/docs/concepts/tokens'],
});
