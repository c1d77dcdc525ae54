import { secretRule } from './_format.ts';

export default secretRule({
  id: 'secrets/grafana-token',
  title: 'Do not commit a Grafana token',
  why: 'Whoever holds it reads dashboards and the data behind them, and can silence the alerts.',
  instead:
    'Delete the token in Grafana under Administration > Service accounts (or Cloud access policies) and issue a new one.',
  sources: ['https://grafana.com/docs/grafana/latest/administration/service-accounts/'],
});
