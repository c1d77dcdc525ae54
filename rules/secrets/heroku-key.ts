import { secretRule } from './_format.ts';

export default secretRule({
  id: 'secrets/heroku-key',
  title: 'Do not commit a Heroku API key',
  why: "It reads the settings of every app, their database URLs included, and can deploy in its owner's name.",
  instead: 'Regenerate it at https://dashboard.heroku.com/account and read the new one from the environment.',
  sources: ['https://devcenter.heroku.com/articles/authentication'],
});
