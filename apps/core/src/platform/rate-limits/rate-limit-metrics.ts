import { Counter } from 'prom-client';

import { registry } from '../telemetry/metrics.js';

export const refusals = new Counter({
  name: 'nova_rate_limit_refusals_total',
  help: 'Requests refused because a rate limit was used up, by policy.',
  labelNames: ['policy'],
  registers: [registry],
});

export const storeFailures = new Counter({
  name: 'nova_rate_limit_store_failures_total',
  help: 'Failures of the store of rate limits, after each of which this process counted by itself for a moment.',
  registers: [registry],
});
