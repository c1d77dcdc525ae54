import { sample } from '../../../core/sample.ts';
import { encoded, hex } from '../alphabets.ts';
import { services } from '../services.ts';
import type { Format } from '../format.ts';

const rule = 'secrets/vault-token';

/** What opens other secrets. */
export const vaults: readonly Format[] = [
  {
    id: 'hashicorp-vault-token',
    rule,
    names: 'a HashiCorp Vault token',
    service: services.hashicorpVault,
    keywords: ['hvs.', 'hvb.', 'hvr.'],
    expression: /hv[sbr]\.[\w-]{24,300}(?![\w-])/y,
    left: 'dotted',
    entropy: 3.5,
    sample: () => `hvs.${sample(95)}`,
  },
  {
    id: 'terraform-cloud-token',
    rule,
    names: 'a Terraform Cloud token',
    service: services.terraform,
    keywords: ['.atlasv1.'],
    lookback: { chars: /[A-Za-z0-9]/, most: 14 },
    expression: /[A-Za-z0-9]{14}\.atlasv1\.[\w=-]{60,70}(?![\w-])/y,
    entropy: 3.5,
    sample: () => `${sample(14, 2)}.atlasv1.${sample(67, 3)}`,
  },
  {
    id: 'pulumi-token',
    rule,
    names: 'a Pulumi access token',
    service: services.pulumi,
    keywords: ['pul-'],
    expression: /pul-[0-9a-f]{40}(?![\w-])/y,
    entropy: 2.8,
    sample: () => `pul-${hex(40)}`,
  },
  {
    id: 'doppler-token',
    rule,
    names: 'a Doppler token',
    service: services.doppler,
    keywords: ['dp.pt.', 'dp.st.', 'dp.ct.', 'dp.sa.', 'dp.scim.', 'dp.audit.'],
    expression: /dp\.(?:pt|ct|sa|scim|audit|st(?:\.[\w-]{2,35})?)\.[A-Za-z0-9]{40,44}(?![\w-])/y,
    left: 'dotted',
    sample: () => `dp.pt.${sample(43, 4)}`,
  },
  {
    id: '1password-service-token',
    rule,
    names: 'a 1Password service account token',
    service: services['1password'],
    keywords: ['ops_eyJ'],
    expression: /ops_eyJ[A-Za-z0-9+/_-]{200,2000}={0,2}/y,
    entropy: 4,
    sample: () =>
      `ops_${encoded({ signInAddress: 'acme.1password.com', secretKey: sample(34, 5), throttleSecret: sample(160, 6) })}`,
  },
  {
    id: 'infisical-service-token',
    rule,
    names: 'an Infisical service token',
    service: services.infisical,
    keywords: ['st.'],
    expression: /st\.[0-9a-f]{24}\.[0-9a-f]{32}\.[0-9a-f]{32}(?![\w-])/y,
    left: 'dotted',
    sample: () => `st.${hex(24, 2)}.${hex(32, 3)}.${hex(32, 4)}`,
  },
];
