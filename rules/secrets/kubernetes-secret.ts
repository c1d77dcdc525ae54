import { sample } from '../../src/core/sample.ts';
import { secretRule } from './_format.ts';

const manifest = (entries: string, kind = 'Secret') =>
  `apiVersion: v1\nkind: ${kind}\nmetadata:\n  name: app\ntype: Opaque\n${entries}`;

export default secretRule({
  id: 'secrets/kubernetes-secret',
  title: 'Do not commit a Kubernetes Secret with its values',
  why: 'Base64 hides nothing: whoever can read the manifest has every value in it.',
  instead:
    'Replace each value where it was issued, and commit a SealedSecret, an ExternalSecret or a file encrypted with SOPS instead.',
  guesses: true,
  sources: ['https://kubernetes.io/docs/concepts/configuration/secret/'],

  examples: () => ({
    bad: [
      {
        title: 'plain values, and several manifests in one file',
        head: {
          'k8s/a.yaml': `${manifest('data:\n  a: b\n', 'ConfigMap')}---\n${manifest(`stringData:\n  password: "«${sample(14, 31)}»"\n`)}`,
        },
      },
    ],
    good: [
      {
        title: 'templates, stand-ins and what is encrypted',
        head: {
          'k8s/a.yaml': manifest('data:\n  password: {{ .Values.password | b64enc }}\n'),
          'k8s/b.yaml': manifest(`data:\n  password: ${Buffer.from('changeme').toString('base64')}\n`),
          'k8s/c.yaml': manifest(`data:\n  password: ENC[AES256_GCM,data:${sample(24, 32)}]\n`),
          'k8s/d.yaml': manifest(`spec:\n  encryptedData:\n    password: AgBy${sample(60, 33)}\n`, 'SealedSecret'),
        },
      },
    ],
  }),
});
