import { deflateRawSync, gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { isNotice } from '../src/core/notice.ts';
import { inArchive, isArchive } from '../src/facts/credentials/archives.ts';
import { sampleWithCrc32 } from '../src/facts/credentials/formats/github.ts';
import { knownFormats } from '../src/facts/credentials/ready.ts';

const env = Buffer.from(`TOKEN=${sampleWithCrc32('ghp_', 30, 3001)}\n`);

function zip(files: Readonly<Record<string, Buffer>>, claimed?: number): Buffer {
  const parts: Buffer[] = [];
  const rows: Buffer[] = [];
  let offset = 0;
  for (const [name, content] of Object.entries(files)) {
    const packed = deflateRawSync(content);
    const local = Buffer.alloc(30);
    local.write('PK\u0003\u0004', 'latin1');
    local.writeUInt16LE(name.length, 26);
    const row = Buffer.alloc(46);
    row.write('PK\u0001\u0002', 'latin1');
    row.writeUInt16LE(8, 10);
    row.writeUInt32LE(claimed ?? packed.length, 20);
    row.writeUInt16LE(name.length, 28);
    row.writeUInt32LE(offset, 42);
    parts.push(local, Buffer.from(name), packed);
    rows.push(row, Buffer.from(name));
    offset += 30 + name.length + packed.length;
  }
  const end = Buffer.alloc(22);
  end.write('PK\u0005\u0006', 'latin1');
  end.writeUInt16LE(rows.length / 2, 10);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...parts, ...rows, end]);
}

function tar(name: string, content: Buffer): Buffer {
  const head = Buffer.alloc(512);
  head.write(name);
  head.write(content.length.toString(8).padStart(11, '0'), 124);
  head.write('0', 156);
  head.write('ustar', 257);
  return Buffer.concat([head, content, Buffer.alloc(1536 - (content.length % 512))]);
}

const said = (bytes: Buffer): string[] =>
  [...inArchive(knownFormats(), 'a.zip', bytes)].map((one) => (isNotice(one) ? one.message : one.names));
const HELD = (where: string) => `a GitHub personal access token (${where} inside it)`;

describe('an archive', () => {
  test.each([
    ['zip', zip({ 'a.txt': Buffer.from('a'), 'deploy/.env': env }), 'deploy/.env'],
    ['gzip', gzipSync(env), 'content'],
    ['tar', tar('deploy/.env', env), 'deploy/.env'],
    ['tar in gzip in zip', zip({ 'a.tgz': gzipSync(tar('.env', env)) }), 'a.tgz/content/.env'],
  ])('%s is opened, and the file inside is named', (_, bytes, where) => {
    expect(isArchive(bytes)).toBe(true);
    expect(said(bytes)).toEqual([HELD(where)]);
  });

  test('a bomb, a nest, a torso and a lie end as a notice', () => {
    const zeros = gzipSync(Buffer.alloc(70 * 1024 * 1024));
    expect(said(zeros)).toEqual(['a.zip was searched for secrets only in part: it unpacks to more than 64 MiB.']);
    const nest = gzipSync(gzipSync(gzipSync(gzipSync(env))));
    expect(said(nest)).toEqual(['a.zip was searched for secrets only in part: archives lie in it more than 3 deep.']);
    const whole = zip({ '.env': env });
    expect(said(whole.subarray(0, whole.length - 30))).toEqual([expect.stringMatching(/its directory is missing/)]);
    expect(said(zip({ '.env': env }, 0xfffffff0))).toHaveLength(1);
    expect(said(Buffer.concat([gzipSync(env).subarray(0, 20)]))).toEqual([expect.stringMatching(/damaged/)]);
  });
});
