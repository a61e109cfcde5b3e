import { Histogram } from 'prom-client';

import { registry } from '../telemetry/metrics.js';

/** By the route's template, never by the path: ids would make a series each. */
export const requestDuration = new Histogram({
  name: 'nova_http_request_duration_seconds',
  help: 'From the arrival of a request to the end of its answer.',
  labelNames: ['method', 'route', 'status'] as const,
  buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30],
  registers: [registry],
});
