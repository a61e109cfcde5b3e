import { collectDefaultMetrics } from 'prom-client';

import { registry } from './metrics.js';

/** Adds what Node tells of the process: memory, CPU, event loop, garbage collection. Calling it again does nothing. */
export function addDefaultMetrics(): void {
  if (registry.getSingleMetric('process_cpu_user_seconds_total')) return;
  collectDefaultMetrics({ register: registry });
}
