import { z } from 'zod';

import type { FleetSight } from '../../tenancy/fleet/fleet-overview.js';
import { requiredTenantVersion } from '../../tenancy/migrator/schema-versions.js';

const seconds = z.number().min(0);
const count = z.int().min(0);

export const FleetHealthSchema = z
  .object({
    status: z.enum(['up', 'degraded']),
    readAt: z.iso.datetime(),
    tenants: z.array(z.object({ status: z.string(), tenants: count, inMaintenance: count })),
    schema: z.object({
      required: z.string(),
      versions: z.array(z.object({ version: z.string().nullable(), databases: count })),
    }),
    servers: z.array(
      z.object({
        name: z.string(),
        region: z.string(),
        state: z.string(),
        reachable: z.boolean(),
        databases: count,
        connections: count.nullable(),
        connectionsMax: count.nullable(),
      }),
    ),
    dueWork: z.object({ oldestSeconds: seconds, overdueDatabases: count }),
    outbox: z.object({ rows: count, oldestSeconds: seconds }),
    samples: z.object({ databases: count, unreachable: count, oldestSeconds: seconds }),
    ailing: z.array(
      z.object({
        tenantId: z.string(),
        slug: z.string(),
        mode: z.string(),
        reachable: z.boolean(),
        outboxRows: count,
        oldestOutboxSeconds: seconds,
        sampledAt: z.iso.datetime(),
      }),
    ),
    busiest: z.array(
      z.object({
        tenantId: z.string(),
        slug: z.string(),
        mode: z.string(),
        connections: count,
        outboxRows: count,
      }),
    ),
  })
  .meta({ id: 'FleetHealth' });
export type FleetHealth = z.infer<typeof FleetHealthSchema>;

/** The fleet as `/health/tenants` tells it. Degraded means that somebody should look, not that requests fail. */
export function toFleetHealth(sight: FleetSight): FleetHealth {
  const { readAt, tenants, versions, due, samples, ailing, busiest, servers } = sight;
  const serversAreWell = servers.every(({ state, reachable }) => reachable || state === 'closed');
  const isWell = serversAreWell && samples.unreachable === 0 && due.overdueDatabases === 0;
  return {
    status: isWell ? 'up' : 'degraded',
    readAt: readAt.toISOString(),
    tenants: tenants.map((row) => ({ ...row })),
    schema: { required: requiredTenantVersion(), versions: versions.map((row) => ({ ...row })) },
    servers: servers.map((server) => ({ ...server })),
    dueWork: { ...due },
    outbox: { rows: samples.outboxRows, oldestSeconds: samples.oldestOutboxSeconds },
    samples: {
      databases: samples.sampled,
      unreachable: samples.unreachable,
      oldestSeconds: samples.oldestSampleSeconds,
    },
    ailing: ailing.map((row) => ({ ...row, sampledAt: row.sampledAt.toISOString() })),
    busiest: busiest.map((row) => ({ ...row })),
  };
}
