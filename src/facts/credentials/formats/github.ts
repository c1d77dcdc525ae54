import { sample } from '../../../core/sample.ts';
import { encoded } from '../alphabets.ts';
import { crc32Base62, endsInCrc32Base62, sha256Base32 } from '../checksum.ts';
import { services } from '../services.ts';
import type { Format } from '../format.ts';

const rule = 'secrets/github-token';
const left = 'alphanumeric';

/** A token as GitHub and npm make them: random letters, then their checksum. */
export const sampleWithCrc32 = (prefix: string, length: number, seed = 1): string => {
  const body = sample(length, seed);
  return `${prefix}${body}${crc32Base62(body)}`;
};

// https://github.blog/engineering/platform-security/behind-githubs-new-authentication-token-formats/
export const github: readonly Format[] = [
  {
    id: 'github-pat-classic',
    rule,
    names: 'a GitHub personal access token',
    service: services.github,
    keywords: ['ghp_'],
    expression: /ghp_[A-Za-z0-9]{36}(?![A-Za-z0-9_])/y,
    left,
    checksum: endsInCrc32Base62,
    sample: () => sampleWithCrc32('ghp_', 30),
  },
  {
    id: 'github-pat-fine-grained',
    rule,
    names: 'a fine-grained GitHub personal access token',
    service: services.github,
    keywords: ['github_pat_'],
    expression: /github_pat_[A-Za-z0-9]{22}_[A-Za-z0-9]{59}(?![A-Za-z0-9_])/y,
    left,
    // 22 characters, 43 more, the digest's beginning over both, and eight behind it.
    checksum: (token) => token.slice(77, 85).toUpperCase() === sha256Base32(token.slice(0, 77)),
    sample: () => {
      const covered = `github_pat_${sample(22, 2)}_${sample(43, 3)}`;
      return covered + sha256Base32(covered) + sample(8, 9);
    },
  },
  {
    id: 'github-oauth',
    rule,
    names: 'a GitHub OAuth token',
    service: services.github,
    keywords: ['gho_'],
    expression: /gho_[A-Za-z0-9]{36}(?![A-Za-z0-9_])/y,
    left,
    checksum: endsInCrc32Base62,
    sample: () => sampleWithCrc32('gho_', 30, 4),
  },
  {
    id: 'github-user-to-server',
    rule,
    names: "a GitHub App's token for a user",
    service: services.github,
    keywords: ['ghu_'],
    expression: /ghu_[A-Za-z0-9]{36}(?![A-Za-z0-9_])/y,
    left,
    checksum: endsInCrc32Base62,
    sample: () => sampleWithCrc32('ghu_', 30, 5),
  },
  {
    id: 'github-installation-jwt',
    rule,
    names: "a GitHub App's installation token",
    service: services.github,
    keywords: ['ghs_'],
    // Since 2026: ghs_<app id>_<signed JSON>, some 520 characters.
    expression: /ghs_\d{1,20}_eyJ[\w-]{10,1000}\.eyJ[\w-]{10,4000}\.[\w-]{20,1000}(?![\w-])/y,
    left,
    sample: () =>
      `ghs_${1234987}_${encoded({ alg: 'RS256', typ: 'JWT' })}.${encoded({ iss: 'github', sub: sample(20) })}.${sample(342, 6)}`,
  },
  {
    id: 'github-server-to-server',
    rule,
    names: "a GitHub App's installation token",
    service: services.github,
    keywords: ['ghs_'],
    expression: /ghs_[A-Za-z0-9]{36}(?![A-Za-z0-9_.])/y,
    left,
    sample: () => `ghs_${sample(36, 7)}`,
  },
  {
    id: 'github-refresh',
    rule,
    names: 'a GitHub refresh token',
    service: services.github,
    keywords: ['ghr_'],
    expression: /ghr_(?:[A-Za-z0-9]{76}|[A-Za-z0-9]{36})(?![A-Za-z0-9_])/y,
    left,
    checksum: endsInCrc32Base62,
    sample: () => sampleWithCrc32('ghr_', 70, 8),
  },
];
