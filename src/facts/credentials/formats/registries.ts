import { sample } from '../../../core/sample.ts';
import { hex, LOWER, uuid } from '../alphabets.ts';
import { endsInCrc32Base62 } from '../checksum.ts';
import type { Format } from '../format.ts';
import { sampleWithCrc32 } from './github.ts';

const rule = 'secrets/package-registry-token';

export const registries: readonly Format[] = [
  {
    id: 'npm-access-token',
    rule: 'secrets/npm-token',
    names: 'an npm access token',
    keywords: ['npm_'],
    expression: /npm_[A-Za-z0-9]{36}(?![\w-])/y,
    left: 'alphanumeric',
    checksum: endsInCrc32Base62,
    sample: () => sampleWithCrc32('npm_', 30),
  },
  {
    id: 'npmrc-token',
    rule: 'secrets/npm-token',
    names: 'the token of a package registry',
    keywords: ['_authtoken'],
    name: /^authtoken$/,
    value:
      /(?!(?:npm_|gh[pousr]_|glpat-|[A-Z][A-Z_]{3,40}(?![\w-])))(?=[A-Za-z_-]{0,60}\d)[\w+/.-]{20,400}={0,2}(?![\w-])/y,
    sample: () => `//registry.npmjs.org/:_authToken=«${uuid(2)}»`,
  },
  {
    id: 'pypi-token',
    rule: 'secrets/pypi-token',
    names: 'a PyPI token',
    keywords: ['pypi-AgEIcHlwaS5vcmc', 'pypi-AgENdGVzdC5weXBpLm9yZw'], // "pypi.org" and "test.pypi.org" in base64.
    expression: /pypi-AgE(?:IcHlwaS5vcmc|NdGVzdC5weXBpLm9yZw)[\w-]{50,1000}/y,
    entropy: 3.5,
    weigh: (secret) =>
      secret.startsWith('pypi-AgEN') ? { atMost: 'warning', doubt: 'it belongs to the test index' } : {},
    sample: () => `pypi-AgEIcHlwaS5vcmc${sample(140, 3)}`,
  },
  {
    id: 'rubygems-key',
    rule,
    names: 'a RubyGems API key',
    keywords: ['rubygems_'],
    expression: /rubygems_[0-9a-f]{48}(?![\w-])/y,
    sample: () => `rubygems_${hex(48)}`,
  },
  {
    id: 'crates-token',
    rule,
    names: 'a crates.io token',
    keywords: ['cio'],
    expression: /cio(?=[A-Za-z]{0,31}\d)(?=[a-z0-9]{0,31}[A-Z])(?=[A-Z0-9]{0,31}[a-z])[A-Za-z0-9]{32}(?![\w+/=-])/y,
    entropy: 3.8,
    left: 'base64',
    sample: () => `cioA1${sample(30, 4)}`,
  },
  {
    id: 'nuget-key',
    rule,
    names: 'a NuGet API key',
    keywords: ['oy2'],
    expression: /oy2(?=[a-z]{0,42}\d)[a-z0-9]{43}(?![A-Za-z0-9+/=])/y,
    entropy: 3.3,
    left: 'base64',
    sample: () => `oy2${sample(43, 5, LOWER)}`,
  },
  {
    id: 'docker-hub-token',
    rule: 'secrets/docker-token',
    names: 'a Docker Hub access token',
    keywords: ['dckr_pat_', 'dckr_oat_'],
    expression: /dckr_(?:pat_[\w-]{27}|oat_[\w-]{32})(?![\w-])/y,
    sample: () => `dckr_pat_${sample(27, 6)}`,
  },
  {
    id: 'docker-swarm-token',
    rule: 'secrets/docker-token',
    names: 'a join token or unlock key of a Docker swarm',
    keywords: ['SWMTKN-1-', 'SWMKEY-1-'],
    expression: /SWM(?:TKN-1-[a-z0-9]{49,60}-[a-z0-9]{24,30}|KEY-1-[A-Za-z0-9+/]{40,50})(?![\w-])/y,
    sample: () => `SWMTKN-1-${sample(50, 7, LOWER)}-${sample(25, 8, LOWER)}`,
  },
  {
    id: 'artifactory-key',
    rule,
    names: 'an Artifactory API key',
    keywords: ['AKCp'],
    expression: /AKCp[A-Za-z0-9]{68,70}(?![A-Za-z0-9+/=])/y,
    left: 'base64',
    entropy: 3.5,
    sample: () => `AKCp${sample(69, 9)}`,
  },
  {
    id: 'artifactory-reference-token',
    rule,
    names: 'an Artifactory reference token',
    keywords: ['cmVmdGtuO'], // "reftkn:" in base64.
    expression: /cmVmdGtuO[A-Za-z0-9]{55}(?![A-Za-z0-9+/=])/y,
    left: 'base64',
    entropy: 3.5,
    sample: () => `cmVmdGtuO${sample(55, 10)}`,
  },
  {
    id: 'clojars-token',
    rule,
    names: 'a Clojars deploy token',
    keywords: ['CLOJARS_'],
    expression: /CLOJARS_[a-z0-9]{60}(?![A-Za-z0-9])/y,
    sample: () => `CLOJARS_${hex(60, 2)}`,
  },
  {
    id: 'packagist-token',
    rule,
    names: 'a Packagist token',
    keywords: ['packagist_'],
    expression: /packagist_(?:uut|ors|ort|oms|omt)_[0-9a-f]{68}(?![\w-])/y,
    sample: () => `packagist_uut_${hex(68, 3)}`,
  },
];
