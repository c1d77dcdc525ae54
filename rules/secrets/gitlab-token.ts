import { secretRule } from './_format.ts';

export default secretRule({
  id: 'secrets/gitlab-token',
  title: 'Do not commit a GitLab token',
  why: "Whoever holds it reads private code, changes it, or runs jobs in its owner's name.",
  instead:
    'Revoke it at https://gitlab.com/-/user_settings/personal_access_tokens, or in the settings of its project, group or runner, and issue a new one.',
  sources: ['https://docs.gitlab.com/security/tokens/'],

  examples: () => ({
    good: [
      {
        title: 'words in place of a token',
        head: { 'README.md': `GITLAB_TOKEN=glpat-${'PROJECT-SPECIFIC-TOKEN'.slice(0, 20)}\n` },
      },
    ],
  }),
});
