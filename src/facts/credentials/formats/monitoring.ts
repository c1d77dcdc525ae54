import { sample } from '../../../core/sample.ts';
import { BASE32, encoded, hex, LOWER, UPPER } from '../alphabets.ts';
import type { Format } from '../format.ts';

const rule = 'secrets/monitoring-key';

const isJson = (text: string): boolean => Buffer.from(text, 'base64').toString('latin1').startsWith('{"');

export const monitoring: readonly Format[] = [
  {
    id: 'grafana-service-account-token',
    rule: 'secrets/grafana-token',
    names: 'a Grafana service account token',
    keywords: ['glsa_'],
    expression: /glsa_[A-Za-z0-9]{32}_[0-9a-fA-F]{8}(?![\w-])/y,
    sample: () => `glsa_${sample(32)}_${hex(8)}`,
  },
  {
    id: 'grafana-cloud-token',
    rule: 'secrets/grafana-token',
    names: 'a Grafana Cloud token',
    keywords: ['glc_'],
    expression: /glc_[A-Za-z0-9+/]{40,400}={0,2}/y,
    weigh: (secret) => (isJson(secret.slice(4)) ? {} : 'harmless'),
    sample: () => `glc_${encoded({ o: '7788', n: 'app', k: sample(24, 2), m: { r: 'eu' } })}`,
  },
  {
    id: 'grafana-key-legacy',
    rule: 'secrets/grafana-token',
    names: 'a Grafana API key',
    keywords: ['eyJrIjoi'], // {"k":"
    expression: /eyJrIjoi[A-Za-z0-9+/]{40,380}={0,2}(?![\w.-])/y,
    entropy: 4,
    // Reports of Power BI begin the same.
    weigh: (secret) => (/"n":".{0,200}"id":/.test(Buffer.from(secret, 'base64').toString('latin1')) ? {} : 'harmless'),
    sample: () => encoded({ k: sample(32, 3), n: 'app', id: 1 }),
  },
  {
    id: 'sentry-org-token',
    rule: 'secrets/sentry-token',
    names: 'a Sentry organization token',
    keywords: ['sntrys_'],
    expression: /sntrys_eyJ[A-Za-z0-9+/=_]{60,600}/y,
    entropy: 4,
    sample: () => `sntrys_${encoded({ iat: 1700000000.5, url: 'https://sentry.io', org: 'acme' })}_${sample(43, 4)}`,
  },
  {
    id: 'sentry-user-token',
    rule: 'secrets/sentry-token',
    names: 'a Sentry token',
    keywords: ['sntryu_', 'sntrya_'],
    expression: /sntry[ua]_[0-9a-f]{64}(?![\w-])/y,
    sample: () => `sntryu_${hex(64, 2)}`,
  },
  {
    id: 'newrelic-user-key',
    rule,
    names: 'a New Relic user key',
    keywords: ['NRAK-'],
    expression: /NRAK-[A-Z0-9]{27}(?![\w-])/y,
    sample: () => `NRAK-${sample(27, 5, UPPER)}`,
  },
  {
    id: 'newrelic-license-key',
    rule,
    names: 'a New Relic license key',
    keywords: ['NRAL'],
    lookback: { chars: /[0-9a-f]/, most: 36 },
    expression: /[0-9a-f]{36}NRAL(?![\w-])/y,
    sample: () => `${hex(36, 3)}NRAL`,
  },
  {
    id: 'newrelic-insert-key',
    rule,
    names: 'a New Relic insert key',
    keywords: ['NRII-'],
    expression: /NRII-[\w-]{32}(?![\w-])/y,
    sample: () => `NRII-${sample(32, 6)}`,
  },
  {
    id: 'datadog-key',
    rule,
    names: 'a Datadog key',
    keywords: ['datadog', 'dd_api_key', 'dd_app_key', 'dd-api-key', 'dd-application-key'],
    name: /datadog.{0,30}key$|^dd(?:api|app|application)key$/,
    value: /[0-9a-f]{32}(?:[0-9a-f]{8})?(?![\w-])/y,
    sample: () => `DD_API_KEY=«${hex(32, 4)}»`,
  },
  {
    id: 'honeycomb-key',
    rule,
    names: 'a Honeycomb key',
    keywords: ['hcaik_', 'hcxik_', 'hcbik_', 'hcamk_', 'hcalk_'],
    expression: /hc[axb](?:ik|mk|lk)_[a-z0-9]{20,64}(?![\w-])/y,
    sample: () => `hcaik_${sample(58, 7, LOWER)}`,
  },
  {
    id: 'dynatrace-token',
    rule,
    names: 'a Dynatrace token',
    keywords: ['dt0'],
    expression: /dt0[a-z]\d\d\.[A-Z0-9]{24}\.[A-Z0-9]{64}(?![\w-])/y,
    left: 'dotted',
    sample: () => `dt0c01.${sample(24, 8, BASE32)}.${sample(64, 9, BASE32)}`,
  },
  {
    id: 'posthog-personal-key',
    rule,
    names: 'a PostHog personal API key',
    keywords: ['phx_', 'phs_'],
    expression: /ph[xs]_[A-Za-z0-9]{40,50}(?![\w-])/y,
    sample: () => `phx_${sample(43, 10)}`,
  },
  {
    id: 'rootly-token',
    rule,
    names: 'a Rootly token',
    keywords: ['rootly_'],
    expression: /rootly_[0-9a-f]{64}(?![\w-])/y,
    sample: () => `rootly_${hex(64, 5)}`,
  },
];
