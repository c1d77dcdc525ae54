import { sample } from '../../src/core/sample.ts';
import { secretRule } from './_format.ts';

export default secretRule({
  id: 'secrets/openai-key',
  title: 'Do not commit an OpenAI API key',
  why: "Strangers spend its owner's money on their own requests within minutes of a push.",
  instead: 'Delete it at https://platform.openai.com/api-keys, issue a new one, and read it from the environment.',
  sources: ['https://help.openai.com/en/articles/5112595-best-practices-for-api-key-safety'],

  examples: () => ({
    good: [{ title: 'another word that begins the same', head: { 'a.css': `.sk-${sample(48, 31)} { color: red }` } }],
  }),
});
