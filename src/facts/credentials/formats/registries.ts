import { sample } from '../../../core/sample.ts';
import { hex, LOWER, uuid } from '../alphabets.ts';
import { endsInCrc32Base62 } from '../checksum.ts';
import { services } from '../services.ts';
import type { Format, Stretch } from '../format.ts';
import { isFiller, isStandIn } from '../placeholder.ts';
import { sampleWithCrc32 } from './github.ts';

const rule = 'secrets/package-registry-token';

export const registries: readonly Format[] = [
  {
    id: 'npm-access-token',
    rule: 'secrets/npm-token',
    names: 'an npm access token',
    service: services.npm,
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
    service: services.registry,
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
    service: services.pypi,
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
    service: services.rubygems,
    keywords: ['rubygems_'],
    expression: /rubygems_[0-9a-f]{48}(?![\w-])/y,
    sample: () => `rubygems_${hex(48)}`,
  },
  {
    id: 'crates-token',
    rule,
    names: 'a crates.io token',
    service: services.crates,
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
    service: services.nuget,
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
    service: services.docker,
    keywords: ['dckr_pat_', 'dckr_oat_'],
    expression: /dckr_(?:pat_[\w-]{27}|oat_[\w-]{32})(?![\w-])/y,
    sample: () => `dckr_pat_${sample(27, 6)}`,
  },
  {
    id: 'docker-swarm-token',
    rule: 'secrets/docker-token',
    names: 'a join token or unlock key of a Docker swarm',
    service: services.dockerSwarm,
    keywords: ['SWMTKN-1-', 'SWMKEY-1-'],
    expression: /SWM(?:TKN-1-[a-z0-9]{49,60}-[a-z0-9]{24,30}|KEY-1-[A-Za-z0-9+/]{40,50})(?![\w-])/y,
    sample: () => `SWMTKN-1-${sample(50, 7, LOWER)}-${sample(25, 8, LOWER)}`,
  },
  {
    id: 'artifactory-key',
    rule,
    names: 'an Artifactory API key',
    service: services.artifactory,
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
    service: services.artifactory,
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
    service: services.clojars,
    keywords: ['CLOJARS_'],
    expression: /CLOJARS_[a-z0-9]{60}(?![A-Za-z0-9])/y,
    sample: () => `CLOJARS_${hex(60, 2)}`,
  },
  {
    id: 'packagist-token',
    rule,
    names: 'a Packagist token',
    service: services.packagist,
    keywords: ['packagist_'],
    expression: /packagist_(?:uut|ors|ort|oms|omt)_[0-9a-f]{68}(?![\w-])/y,
    sample: () => `packagist_uut_${hex(68, 3)}`,
  },
  {
    id: 'npmrc-login',
    rule: 'secrets/npm-token',
    names: 'the password of a package registry',
    service: services.registry,
    keywords: ['_password', '_auth'],
    find: registryLoginAt,
    sample: () => `//npm.acme.io/:_auth=«${Buffer.from(`ci:${sample(24, 11)}`).toString('base64')}»`,
  },
  {
    id: 'docker-config-auth',
    rule: 'secrets/docker-token',
    names: 'the login of a container registry',
    service: services.registry,
    keywords: ['"auth"'],
    find: containerLoginAt,
    sample: () =>
      `{ "auths": { "r.acme.io": { "auth": "«${Buffer.from(`ci:${sample(20, 12)}`).toString('base64')}»" } } }`,
  },
  {
    id: 'cloudsmith-key',
    rule,
    names: 'a Cloudsmith API key',
    service: services.cloudsmith,
    keywords: ['csa_'],
    expression: /csa_[0-9a-f]{30}[A-Za-z0-9]{6}(?![\w-])/y,
    sample: () => `csa_${hex(30, 4)}${sample(6, 13)}`,
  },
  {
    id: 'sidekiq-login',
    rule,
    names: 'the login of a paid Sidekiq package',
    service: services.contribsys,
    keywords: ['@gems.contribsys.com', '@enterprise.contribsys.com'],
    lookback: { chars: /[0-9a-f:]/, most: 17 },
    expression: /[0-9a-f]{8}:[0-9a-f]{8}(?=@(?:gems|enterprise)\.contribsys\.com)/y,
    entropy: 2.2,
    sample: () => `https://«${hex(8, 5)}:${hex(8, 6)}»@gems.contribsys.com/`,
  },
];

const REGISTRY_LOGIN = /:?_(?:password|auth)[ \t]{0,3}=[ \t]{0,3}"?([A-Za-z0-9+/]{8,400}={0,2})(?![\w+/=$-])/y;

/** `//host/:_auth=` and `_password=` of an .npmrc: base64 of user:password, and of the password alone. */
function* registryLoginAt(text: string, at: number): Iterable<Stretch> {
  REGISTRY_LOGIN.lastIndex = at;
  const [all, value = ''] = REGISTRY_LOGIN.exec(text) ?? [];
  // Nothing but a registry's address or the line's start stands before it.
  if (!all || !/(?:^|[\n:])$/.test(text.slice(Math.max(0, at - 1), at))) return;
  const plain = Buffer.from(value, 'base64').toString('latin1');
  const password = plain.slice(plain.indexOf(':') + 1);
  if (!/^[ -~]{6,200}$/.test(plain) || isStandIn(password) || isFiller(password)) return;
  const end = at + all.length;
  yield { start: end - value.length, end };
}

const CONTAINER_LOGIN = /"auth"\s{0,8}:\s{0,8}"([A-Za-z0-9+/]{12,4000}={0,2})"/y;

/** Base64 of user:password in Docker's configuration. */
function* containerLoginAt(text: string, at: number): Iterable<Stretch> {
  CONTAINER_LOGIN.lastIndex = at;
  const [all, value = ''] = CONTAINER_LOGIN.exec(text) ?? [];
  if (!all) return;
  const [, password = ''] =
    /^[\w.@$+-]{1,120}:([ -~]{4,3000})$/.exec(Buffer.from(value, 'base64').toString('latin1')) ?? [];
  if (password === '' || isStandIn(password) || isFiller(password)) return;
  const end = at + all.length - 1;
  yield { start: end - value.length, end };
}
