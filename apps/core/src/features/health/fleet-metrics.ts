import { Gauge } from 'prom-client';

import { registry } from '../../platform/telemetry/metrics.js';
import type { FleetSight } from '../../tenancy/fleet/fleet-overview.js';

/** Metrics of single tenants are told of this many: a label a tenant would drown whoever stores them. */
const TENANTS_TOLD = 5;

function gauge<L extends string>(name: string, help: string, labelNames: readonly L[]): Gauge<L> {
  return new Gauge({ name, help, labelNames: [...labelNames], registers: [registry] });
}

const tenants = gauge('nova_tenants', 'Tenants, by status.', ['status']);
const databases = gauge('nova_tenant_databases', 'Tenant databases, by schema version.', ['version']);
const serverUp = gauge('nova_server_up', 'Whether a database server answers.', ['server']);
const serverDatabases = gauge('nova_server_databases', 'Tenant databases on a server.', ['server']);
const serverConnections = gauge('nova_server_connections', 'Sessions on a database server.', ['server']);
const serverMax = gauge('nova_server_connections_max', 'Sessions that a database server allows.', ['server']);
const dueOldest = gauge('nova_due_work_oldest_seconds', 'How long the oldest due work has waited.', []);
const overdue = gauge('nova_due_work_overdue_databases', 'Databases whose work is late by a minute.', []);
const unreachable = gauge('nova_tenant_databases_unreachable', 'Databases that did not answer lately.', []);
const outboxOldest = gauge('nova_outbox_oldest_seconds', 'Age of the oldest outbox row when last seen.', []);
const tenantConnections = gauge(
  'nova_top_tenant_connections',
  'Sessions of the databases that had most of them when last seen.',
  ['tenant', 'mode'],
);
const tenantOutbox = gauge(
  'nova_top_tenant_outbox_rows',
  'Outbox rows of the databases that had most sessions when last seen.',
  ['tenant', 'mode'],
);

const ALL = [
  tenants,
  databases,
  serverUp,
  serverDatabases,
  serverConnections,
  serverMax,
  dueOldest,
  overdue,
  unreachable,
  outboxOldest,
  tenantConnections,
  tenantOutbox,
];

/** Sets the fleet's gauges. Without a sight they are emptied: an old number would look like a new one. */
export function noteFleet(sight: FleetSight | null): void {
  for (const metric of ALL) metric.reset();
  // A gauge without labels cannot be empty.
  dueOldest.set(sight?.due.oldestSeconds ?? NaN);
  overdue.set(sight?.due.overdueDatabases ?? NaN);
  unreachable.set(sight?.samples.unreachable ?? NaN);
  outboxOldest.set(sight?.samples.oldestOutboxSeconds ?? NaN);
  if (!sight) return;
  for (const row of sight.tenants) tenants.set({ status: row.status }, row.tenants);
  for (const row of sight.versions) databases.set({ version: row.version ?? 'none' }, row.databases);
  for (const server of sight.servers) {
    const label = { server: server.name };
    serverUp.set(label, server.reachable ? 1 : 0);
    serverDatabases.set(label, server.databases);
    if (server.connections !== null) serverConnections.set(label, server.connections);
    if (server.connectionsMax !== null) serverMax.set(label, server.connectionsMax);
  }
  for (const { slug, mode, connections, outboxRows } of sight.busiest.slice(0, TENANTS_TOLD)) {
    tenantConnections.set({ tenant: slug, mode }, connections);
    tenantOutbox.set({ tenant: slug, mode }, outboxRows);
  }
}
