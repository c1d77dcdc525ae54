import { sample } from '../../../core/sample.ts';
import { hex, LOWER } from '../alphabets.ts';
import type { Format } from '../format.ts';

const rule = 'secrets/gitlab-token';

/** Most of GitLab's tokens: a prefix that tells what they open, and twenty characters or more. */
const token = (id: string, names: string, prefix: string, expression: RegExp, length = 20): Format => ({
  id,
  rule,
  names,
  keywords: [prefix],
  expression,
  sample: () => prefix + sample(length, id.length),
});

// https://docs.gitlab.com/security/tokens/#token-prefixes
export const gitlab: readonly Format[] = [
  {
    id: 'gitlab-pat-routable',
    rule,
    names: 'a GitLab personal access token',
    keywords: ['glpat-'],
    expression: /glpat-[\w-]{27,300}\.(?:\d\d\.)?[0-9a-z]{9}(?![\w-])/y,
    sample: () => `glpat-${sample(40)}.01.${sample(9, 2, LOWER)}`,
  },
  token('gitlab-pat', 'a GitLab personal access token', 'glpat-', /glpat-[\w-]{20}(?![\w-]|\.\d)/y),
  token('gitlab-deploy-token', 'a GitLab deploy token', 'gldt-', /gldt-[\w-]{20}(?![\w-])/y),
  token('gitlab-runner-token', 'a GitLab runner token', 'glrt-', /glrt-[\w-]{20}(?![\w-]|\.\d)/y),
  token('gitlab-feed-token', 'a GitLab feed token', 'glft-', /glft-[\w-]{20}(?![\w-])/y),
  token('gitlab-oauth-secret', "a GitLab application's secret", 'gloas-', /gloas-[\w-]{64}(?![\w-])/y, 64),
  token('gitlab-scim-token', 'a GitLab SCIM token', 'glsoat-', /glsoat-[\w-]{20}(?![\w-])/y),
  token('gitlab-agent-token', "a token of GitLab's Kubernetes agent", 'glagent-', /glagent-[\w-]{50}(?![\w-])/y, 50),
  token('gitlab-incoming-mail-token', 'a GitLab incoming mail token', 'glimt-', /glimt-[\w-]{25}(?![\w-])/y, 25),
  token('gitlab-feature-flags-token', 'a GitLab feature flags token', 'glffct-', /glffct-[\w-]{20}(?![\w-])/y),
  token(
    'gitlab-runner-registration',
    'a GitLab runner registration token',
    'GR1348941',
    /GR1348941[\w-]{20}(?![\w-])/y,
  ),
  {
    id: 'gitlab-job-token',
    rule,
    names: 'a GitLab job token',
    keywords: ['glcbt-'],
    expression: /glcbt-[A-Za-z0-9]{1,5}_[\w-]{20}(?![\w-])/y,
    sample: () => `glcbt-64_${sample(20, 3)}`,
  },
  {
    id: 'gitlab-trigger-token',
    rule,
    names: 'a GitLab pipeline trigger token',
    keywords: ['glptt-'],
    expression: /glptt-[0-9a-f]{40}(?![\w-])/y,
    sample: () => `glptt-${hex(40)}`,
  },
];
