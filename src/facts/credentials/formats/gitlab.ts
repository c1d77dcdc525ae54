import { sample } from '../../../core/sample.ts';
import { hex } from '../alphabets.ts';
import { crc32Base36, endsInCrc32Base36 } from '../checksum.ts';
import type { Format } from '../format.ts';
import { services } from '../services.ts';

const rule = 'secrets/gitlab-token';
const { gitlab: service } = services;

/** A routable token: what it belongs to, in base64; its length; and a checksum over all of that. */
export const sampleRoutable = (prefix: string, seed: number, body = sample(40, seed)): string => {
  const covered = `${prefix}${body}.01.${body.length.toString(36).padStart(2, '0')}`;
  return covered + crc32Base36(covered);
};

const ROUTABLE = /\.(?:\d\d\.)?[0-9a-z]{9}$/;
const checksum = (token: string): boolean | undefined => (ROUTABLE.test(token) ? endsInCrc32Base36(token) : undefined);

/** Most of GitLab's tokens: a prefix that tells what they open, and twenty characters, or a routable token's parts. */
const token = (id: string, names: string, prefix: string, form = '[\\w-]{20}', length = 20): Format => ({
  id,
  rule,
  names,
  service,
  keywords: [prefix],
  expression: new RegExp(
    `${prefix}(?:${form}(?![\\w-]|\\.\\d)|[\\w-]{27,300}\\.(?:\\d\\d\\.)?[0-9a-z]{9}(?![\\w-]))`,
    'y',
  ),
  checksum,
  sample: () => prefix + sample(length, id.length),
});

// https://docs.gitlab.com/security/tokens/#token-prefixes
export const gitlab: readonly Format[] = [
  { ...token('gitlab-pat', 'a GitLab personal access token', 'glpat-'), sample: () => sampleRoutable('glpat-', 1) },
  token('gitlab-deploy-token', 'a GitLab deploy token', 'gldt-'),
  token('gitlab-runner-token', 'a GitLab runner token', 'glrt-', '(?:t\\d_)?[\\w-]{20}'),
  token('gitlab-feed-token', 'a GitLab feed token', 'glft-', '(?:[\\w-]{20}|[0-9a-f]{64}-\\d{1,12})'),
  token('gitlab-oauth-secret', "a GitLab application's secret", 'gloas-', '[\\w-]{64}', 64),
  token('gitlab-scim-token', 'a GitLab SCIM token', 'glsoat-'),
  token('gitlab-agent-token', "a token of GitLab's Kubernetes agent", 'glagent-', '[\\w-]{50}', 50),
  token('gitlab-incoming-mail-token', 'a GitLab incoming mail token', 'glimt-', '[\\w-]{25}', 25),
  token('gitlab-feature-flags-token', 'a GitLab feature flags token', 'glffct-'),
  token('gitlab-workspace-token', 'a token of a GitLab workspace', 'glwt-'),
  token('gitlab-runner-registration', 'a GitLab runner registration token', 'GR1348941'),
  {
    id: 'gitlab-job-token',
    rule,
    names: 'a GitLab job token',
    service,
    keywords: ['glcbt-'],
    expression: /glcbt-[A-Za-z0-9]{1,5}_[\w-]{20}(?![\w-])/y,
    // It dies with its job.
    atMost: 'warning',
    sample: () => `glcbt-64_${sample(20, 3)}`,
  },
  {
    id: 'gitlab-trigger-token',
    rule,
    names: 'a GitLab pipeline trigger token',
    service,
    keywords: ['glptt-'],
    expression: /glptt-(?:[0-9a-f]{40}|[\w-]{27,300}\.(?:\d\d\.)?[0-9a-z]{9})(?![\w-])/y,
    checksum,
    sample: () => `glptt-${hex(40)}`,
  },
];
