import { generateKeyPairSync, createHash, sign } from 'node:crypto';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Declared } from '../src/core/policy.ts';
import { signerOf } from '../src/facts/signatures.ts';
import { makeFolder, makeRepository, open } from './git.ts';

const rosterOf = (keys: readonly string[]): Declared => ({ identities: { data: { emails: [], owns: [], keys } } });

// As OpenSSH's PROTOCOL.sshsig has it, written down a second time.
const field = (part: Buffer | string): Buffer => {
  const bytes = Buffer.from(part);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(bytes.length);
  return Buffer.concat([length, bytes]);
};

function signedBy(payload: Buffer, namespace = 'git') {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  const raw = Buffer.from(publicKey.export({ format: 'jwk' }).x!, 'base64url');
  const key = Buffer.concat([field('ssh-ed25519'), field(raw)]);
  const hash = createHash('sha512').update(payload).digest();
  const message = Buffer.concat([Buffer.from('SSHSIG'), field(namespace), field(''), field('sha512'), field(hash)]);
  const blob = Buffer.concat([field('ssh-ed25519'), field(sign(null, message, privateKey))]);
  const version = Buffer.from([0, 0, 0, 1]);
  const all = Buffer.concat([
    Buffer.from('SSHSIG'),
    version,
    ...[key, namespace, '', 'sha512', blob].map((part) => field(part)),
  ]);
  const lines = all
    .toString('base64')
    .match(/.{1,70}/g)!
    .join('\n');
  const signature = `-----BEGIN SSH SIGNATURE-----\n${lines}\n-----END SSH SIGNATURE-----`;
  return { declared: `ssh-ed25519 ${key.toString('base64')} data@laptop`, signature };
}

test("a signature is its identity's, and only for what it signs", () => {
  const payload = Buffer.from('tree 1\n\nfeat: it\n');
  const { declared, signature } = signedBy(payload);
  expect(signerOf({ signed: { signature, payload } }, rosterOf([declared]))).toEqual({
    kind: 'identity',
    name: 'data',
  });
  const other = Buffer.from('tree 2\n\nfeat: it\n');
  expect(signerOf({ signed: { signature, payload: other } }, rosterOf([declared]))).toEqual({ kind: 'forged' });
});

test('what proves nothing says why', () => {
  const payload = Buffer.from('x');
  const { declared, signature } = signedBy(payload);
  const why = (signed: { signature: string; payload: Buffer } | undefined, keys: readonly string[]) =>
    signerOf(signed ? { signed } : {}, rosterOf(keys));
  expect(why(undefined, [declared])).toMatchObject({ kind: 'nobody', why: 'is not signed' });
  expect(why({ signature, payload }, [signedBy(payload).declared])).toMatchObject({
    why: 'is signed with a key that no identity has declared',
  });
  const mail = signedBy(payload, 'file');
  expect(why({ ...mail, payload }, [mail.declared])).toMatchObject({ why: 'has a signature that cannot be read' });
  const openPgp = '-----BEGIN PGP SIGNATURE-----\n\nx\n-----END PGP SIGNATURE-----';
  expect(why({ signature: openPgp, payload }, [declared])).toMatchObject({ kind: 'nobody' });
});

test.skipIf(spawnSync('ssh-keygen', ['-?']).error)('commits that Git has signed with ssh-keygen', async () => {
  const folder = makeFolder();
  for (const type of ['ed25519', 'ecdsa', 'rsa']) {
    const repository = makeRepository();
    const key = join(folder, type);
    spawnSync('ssh-keygen', ['-q', '-t', type, '-N', '', '-f', key]);
    for (const setting of ['gpg.format=ssh', `user.signingKey=${key}`])
      repository.git(['config', ...setting.split('=')]);
    repository.write({ a: 'a' });
    repository.git(['add', '-A']);
    repository.git(['commit', '-q', '-S', '-m', 'signed\n\nIn two paragraphs.']);
    const { commits } = await (await open(repository)).commit('HEAD');
    const declared = rosterOf([readFileSync(`${key}.pub`, 'utf8').trim()]);
    expect(signerOf(commits[0]!, declared), type).toEqual({ kind: 'identity', name: 'data' });
  }
});
