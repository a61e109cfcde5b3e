import { Registry } from 'prom-client';

/** Where every metric of the process is registered; `/metrics` prints it. Metrics are defined beside what they measure. */
export const registry = new Registry();
