import { Counter, Gauge, Histogram } from 'prom-client';

import { registry } from '../../platform/telemetry/metrics.js';

/** Why a tenant's client was closed. */
export type EvictionReason =
  'process_budget' | 'server_budget' | 'idle' | 'superseded' | 'changed' | 'shutdown';

export const openClients = new Gauge({
  name: 'nova_tenant_clients',
  help: 'Tenant database clients that are open in this process.',
  registers: [registry],
});

export const openLeases = new Gauge({
  name: 'nova_tenant_client_leases',
  help: 'Leases of tenant database clients that are held now.',
  registers: [registry],
});

export const heldConnections = new Gauge({
  name: 'nova_tenant_connections_held',
  help: 'Connections that open tenant pools may use, of the budgets of this process and of its servers.',
  labelNames: ['server'],
  registers: [registry],
});

export const admissions = new Counter({
  name: 'nova_tenant_client_admissions_total',
  help: 'Tenant database clients opened: with room in the budget, or after others were closed to make room.',
  labelNames: ['how'],
  registers: [registry],
});

export const evictions = new Counter({
  name: 'nova_tenant_client_evictions_total',
  help: 'Tenant database clients closed, by reason.',
  labelNames: ['reason'],
  registers: [registry],
});

export const skippedEvictions = new Counter({
  name: 'nova_tenant_client_evictions_skipped_total',
  help: 'Times that no client could be closed to make room, because all of them were in use.',
  labelNames: ['limit'],
  registers: [registry],
});

export const refusals = new Counter({
  name: 'nova_tenant_client_refusals_total',
  help: 'Requests and jobs refused for want of connections: of the process, to the server, or by PostgreSQL itself.',
  labelNames: ['limit'],
  registers: [registry],
});

export const unreachables = new Counter({
  name: 'nova_tenant_unreachable_total',
  help: 'Times that a tenant database was found not to answer, and requests refused meanwhile.',
  labelNames: ['event'],
  registers: [registry],
});

export const openSeconds = new Histogram({
  name: 'nova_tenant_client_open_seconds',
  help: 'How long it took to open a client: room in the budgets, the password, the pool.',
  buckets: [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5],
  registers: [registry],
});

export const connectSeconds = new Histogram({
  name: 'nova_tenant_connect_seconds',
  help: 'How long new connections to tenant databases took to be logged in.',
  labelNames: ['server'],
  buckets: [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.5, 1, 3],
  registers: [registry],
});
