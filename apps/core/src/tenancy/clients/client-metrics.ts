import { Counter, Gauge } from 'prom-client';

import { registry } from '../../platform/telemetry/metrics.js';

/** Why a tenant's client was closed. */
export type EvictionReason = 'budget' | 'idle' | 'superseded' | 'changed' | 'shutdown';

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
  help: 'Connections that open tenant pools may use, of the budget of this process.',
  registers: [registry],
});

export const evictions = new Counter({
  name: 'nova_tenant_client_evictions_total',
  help: 'Tenant database clients closed, by reason.',
  labelNames: ['reason'],
  registers: [registry],
});

export const refusals = new Counter({
  name: 'nova_tenant_client_refusals_total',
  help: 'Requests refused because every tenant client within the connection budget was busy.',
  registers: [registry],
});
