import { isSecretName, isUnset } from '../secret-names.ts';
import { connectionPasswordAt } from './connection.ts';
import type { FileKind } from './file-kind.ts';
import type { Stretch } from './format.ts';
import { isCommon, isFiller, isStandIn } from './placeholder.ts';
import { looksRandom } from './random.ts';

/** The values of a Kubernetes Secret, from its `kind:` line: base64 under `data`, plain under `stringData`. */
export function* secretManifestAt(text: string, at: number, kind: FileKind): Iterable<Stretch> {
  const near = text.slice(Math.max(0, at - LONGEST_MANIFEST), at);
  const start = at - near.length + Math.max(0, near.lastIndexOf('\n---') + 1);
  // A manifest has one kind.
  if (text.slice(start, at).includes('kind: Secret') || text.slice(start, at).includes('kind: "Secret"')) return;
  const [rest = ''] = text.slice(at, at + LONGEST_MANIFEST).split('\n---', 1);
  const manifest = text.slice(start, at + rest.length);
  if (!/apiVersion:/.test(manifest) || /\{\{|ENC\[|^sops:/m.test(manifest)) return;
  for (const block of manifest.matchAll(BLOCK)) {
    const [all, indent = '', name = '', entries = ''] = block;
    let line = start + block.index + all.length - entries.length;
    for (const row of entries.split('\n')) {
      const [head, inner = '', key = '', value = ''] = ENTRY.exec(row) ?? [];
      if (head !== undefined && inner.length > indent.length && isSecret(key, value, name === 'data')) {
        const place = line + head.length - value.length;
        yield {
          start: place,
          end: place + value.length,
          names: `the value of ${key} in a Kubernetes Secret`,
          key,
          ...(kind !== 'settings' && kind !== 'code' && { unsure: true as const }),
        };
      }
      line += row.length + 1;
    }
  }
}

const LONGEST_MANIFEST = 8000;
const BLOCK = /^([ \t]{0,20})(data|stringData):[ \t]*\r?\n((?:\1[ \t]{1,20}[^\n]{0,4000}\n?){1,60})/gm;
const ENTRY = /^([ \t]{1,40})["']?([\w.-]{1,100})["']?:[ \t]{1,4}["']?([^\s"'#|>]{4,4000})/;

/** By its name or by its look: users, hosts and switches stand among them too. */
function isSecret(key: string, value: string, encoded: boolean): boolean {
  if (encoded && !/^[A-Za-z0-9+/]{4,4000}={0,2}$/.test(value)) return false;
  const plain = encoded ? Buffer.from(value, 'base64').toString('latin1').trim() : value;
  const short = plain.slice(0, 200);
  if (plain.length < 6 || isUnset(short) || isStandIn(short) || isCommon(short) || isFiller(short)) return false;
  if (short.includes('://')) return [...connectionPasswordAt(short, short.indexOf('://'))].length > 0;
  return isSecretName(key) || looksRandom(short);
}
