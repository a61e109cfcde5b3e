import { Counter } from 'prom-client';

import { registry } from '../../platform/telemetry/metrics.js';

/** Why a request is missing from its tenant's log. */
export type DropReason = 'buffer_full' | 'database_away' | 'tenant_stopped' | 'schema_behind';

export const dropped = new Counter({
  name: 'nova_request_log_dropped_total',
  help: 'Requests that could not be written to their tenant’s request log, by reason.',
  labelNames: ['reason'],
  registers: [registry],
});
