import { Gauge, Histogram } from 'prom-client';

import { registry } from '../../platform/telemetry/metrics.js';

export type JobOutcome = 'completed' | 'failed' | 'delayed' | 'refused';

export const jobSeconds = new Histogram({
  name: 'nova_job_duration_seconds',
  help: 'How long jobs took, by job and outcome.',
  labelNames: ['job', 'outcome'],
  buckets: [0.01, 0.05, 0.1, 0.5, 1, 5, 15, 60, 300],
  registers: [registry],
});

export const activeJobs = new Gauge({
  name: 'nova_jobs_active',
  help: 'Jobs that this process works on now.',
  labelNames: ['job'],
  registers: [registry],
});
