import { secretRule } from './_format.ts';

export default secretRule({
  id: 'secrets/password-hash',
  title: 'Do not commit the hash of a password',
  why: 'A weak password is found again from its hash by trying words, on a machine of your attacker and without anybody noticing.',
  instead: 'Change the password, and keep the file of hashes outside the repository.',
  severity: 'info',
  sources: ['https://httpd.apache.org/docs/current/misc/password_encryptions.html'],
});
