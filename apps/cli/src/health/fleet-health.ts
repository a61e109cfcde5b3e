import type { INestApplicationContext } from '@nestjs/common';
import { ComponentChecks } from '@nova/core/features/health/component-checks.js';
import {
  type FleetHealth as TenantsHealth,
  toFleetHealth,
} from '@nova/core/features/health/fleet-health.schemas.js';
import { CentralDatabase } from '@nova/core/tenancy/central/central-database.js';
import { TenantContexts } from '@nova/core/tenancy/context/tenant-contexts.js';
import { FleetOverview } from '@nova/core/tenancy/fleet/fleet-overview.js';
import { isTenantSchemaBehind } from '@nova/core/tenancy/migrator/schema-versions.js';
import type { Mode } from '@nova/core/tenancy/tenant-context.js';

const AT_ONCE = 8;

export interface DatabaseHealth {
  tenantId: string;
  tenant: string;
  mode: string;
  status: 'ok' | 'behind' | 'unreachable';
  schemaVersion: string | null;
  latencyMs: number | null;
  detail: string | null;
}

export interface FleetHealth {
  components: { name: string; status: string }[];
  /** What central knows of all of them, and the servers of themselves; null when central cannot be read. */
  fleet: TenantsHealth | null;
  /** How many tenant databases there are; `databases` has those that were asked. */
  databasesInUse: number;
  databases: DatabaseHealth[];
}

type DatabaseRow = Awaited<ReturnType<typeof readDatabases>>[number];

/**
 * Asks the central database, the queues, the servers, and tenant databases that are in use, a few at a time: all of them,
 * or `sample` of them by chance.
 */
export async function fleetHealth(
  app: INestApplicationContext,
  { sample }: { sample: number },
): Promise<FleetHealth> {
  const components = await app.get(ComponentChecks, { strict: false }).look();
  const sight = await app
    .get(FleetOverview, { strict: false })
    .look()
    .catch(() => null);
  const inUse = await readDatabases(app.get(CentralDatabase, { strict: false }));
  const rows = inUse.length <= sample ? inUse : byChance(inUse).slice(0, sample);
  const contexts = app.get(TenantContexts, { strict: false });
  const databases: DatabaseHealth[] = [];
  const waiting = [...rows];
  const takeNext = async (): Promise<void> => {
    for (let row = waiting.shift(); row; row = waiting.shift()) databases.push(await ask(contexts, row));
  };
  await Promise.all(Array.from({ length: AT_ONCE }, takeNext));
  databases.sort((a, b) => a.tenant.localeCompare(b.tenant) || a.mode.localeCompare(b.mode));
  return { components, fleet: sight && toFleetHealth(sight), databasesInUse: inUse.length, databases };
}

function byChance<T>(rows: readonly T[]): T[] {
  return rows
    .map((row) => ({ row, at: Math.random() }))
    .sort((a, b) => a.at - b.at)
    .map(({ row }) => row);
}

function readDatabases({ db }: CentralDatabase) {
  return db.tenantDatabase.findMany({
    where: { status: 'active', tenant: { status: 'active', maintenanceReason: null } },
    select: { tenantId: true, mode: true, schemaVersion: true, tenant: { select: { slug: true } } },
  });
}

async function ask(contexts: TenantContexts, row: DatabaseRow): Promise<DatabaseHealth> {
  const { tenantId, schemaVersion } = row;
  const mode = row.mode as Mode;
  const about = { tenantId, tenant: row.tenant.slug, mode, schemaVersion };
  if (isTenantSchemaBehind(schemaVersion)) {
    return { ...about, status: 'behind', latencyMs: null, detail: 'run nova migrate --all' };
  }
  const begun = performance.now();
  try {
    const actor = { type: 'system', id: 'health' } as const;
    await contexts.run({ tenantId, mode, actor, requestId: null }, (ctx) => ctx.db.$queryRaw`SELECT 1`);
    return { ...about, status: 'ok', latencyMs: Math.round(performance.now() - begun), detail: null };
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error);
    return { ...about, status: 'unreachable', latencyMs: null, detail };
  }
}
