import { Gauge } from 'prom-client';

import { registry } from '../../platform/telemetry/metrics.js';
import type { ComponentHealth } from './health.schemas.js';
import type { QueueLoad } from './queue-status.js';

const componentUp = new Gauge({
  name: 'nova_component_up',
  help: 'Whether a component that the process cannot do without answers.',
  labelNames: ['component'] as const,
  registers: [registry],
});

const queueJobs = new Gauge({
  name: 'nova_queue_jobs',
  help: 'Jobs on a queue, by state.',
  labelNames: ['queue', 'state'] as const,
  registers: [registry],
});

const oldestWaiting = new Gauge({
  name: 'nova_queue_oldest_waiting_seconds',
  help: 'How long the next job of a queue has waited.',
  labelNames: ['queue'] as const,
  registers: [registry],
});

export function noteComponents(components: readonly ComponentHealth[]): void {
  for (const { name, status } of components) componentUp.set({ component: name }, status === 'up' ? 1 : 0);
}

/** Without loads the gauges are emptied: an old number would look like a new one. */
export function noteQueueLoads(loads: readonly QueueLoad[]): void {
  queueJobs.reset();
  oldestWaiting.reset();
  for (const { queue, oldestWaitingSeconds, ...states } of loads) {
    oldestWaiting.set({ queue }, oldestWaitingSeconds);
    for (const [state, jobs] of Object.entries(states)) queueJobs.set({ queue, state }, jobs);
  }
}
