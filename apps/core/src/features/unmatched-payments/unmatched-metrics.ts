import { Counter } from 'prom-client';

import { registry } from '../../platform/telemetry/metrics.js';

export const parked = new Counter({
  name: 'nova_unmatched_payments_total',
  help: 'Money that came and could not be matched with an invoice, by provider and reason.',
  labelNames: ['provider', 'reason'],
  registers: [registry],
});
