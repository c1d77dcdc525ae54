import { secretRule } from './_format.ts';

export default secretRule({
  id: 'secrets/atlassian-token',
  title: 'Do not commit an Atlassian or Bitbucket token',
  why: "Whoever holds it reads and changes issues, pages and repositories in its owner's name.",
  instead:
    'Revoke it at https://id.atlassian.com/manage-profile/security/api-tokens (an app password in the settings of Bitbucket) and issue a new one.',
  sources: ['https://support.atlassian.com/atlassian-account/docs/manage-api-tokens-for-your-atlassian-account/'],
});
