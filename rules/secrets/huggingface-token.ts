import { secretRule } from './_format.ts';

export default secretRule({
  id: 'secrets/huggingface-token',
  title: 'Do not commit a Hugging Face token',
  why: 'Whoever holds it reads private models and data, and may replace a model that others load.',
  instead: 'Invalidate it at https://huggingface.co/settings/tokens and issue a new one.',
  sources: ['https://huggingface.co/docs/hub/security-tokens'],

  examples: () => ({
    good: [
      {
        title: 'an identifier',
        head: { 'a.py': `hf_${'hub_download'.repeat(3)} = hf_${'a'.repeat(20)}bcdefghijklmno` },
      },
    ],
  }),
});
