import { Counter } from 'prom-client';

import { registry } from '../../platform/telemetry/metrics.js';

/** `result`: kept, ignored, unreadable, forged, unknown_address, not_kept. */
export const providerWebhooks = new Counter({
  name: 'nova_provider_webhooks_total',
  help: 'Webhooks of payment providers that came in, by what became of them.',
  labelNames: ['provider', 'result'] as const,
  registers: [registry],
});

export const parkedWebhooks = new Counter({
  name: 'nova_provider_webhooks_parked_total',
  help: 'Webhooks of payment providers that could not be dealt with and wait for a person.',
  labelNames: ['provider'] as const,
  registers: [registry],
});
