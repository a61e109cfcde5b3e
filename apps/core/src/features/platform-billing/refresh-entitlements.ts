import type { CentralDatabase, CentralTransaction } from '../../tenancy/central/central-database.js';
import { announceAll } from '../../tenancy/central/changes.js';
import type { TenantContext } from '../../tenancy/tenant-context.js';
import { readGranted } from '../entitlements/read-holdings.js';

/** Tenants whose rows are written in one go. */
const BATCH = 200;
const LIMIT_MS = 30_000;
/** A transaction may commit so long after the moment that it wrote in its rows; and clocks differ a little. */
const OVERLAP_MS = 120_000;

interface EntitlementRow {
  tenantId: string;
  feature: string;
  enabled: boolean;
  amount: string | null;
  planName: string | null;
}

/**
 * Brings central's copy of tenants' entitlements up to what the platform's books say, for all whom a change since some
 * moment may concern. It may be done twice and at any time.
 */
export async function refreshChanged(
  books: TenantContext,
  central: CentralDatabase,
  since: Date,
): Promise<void> {
  const from = new Date(since.getTime() - OVERLAP_MS);
  const changed = await books.db.$queryRaw<{ tenantId: string }[]>`
    SELECT c.external_id AS "tenantId" FROM customers c
     WHERE c.external_id IS NOT NULL AND (
       c.updated_at >= ${from}
       OR EXISTS (SELECT FROM subscriptions s WHERE s.customer_id = c.id AND s.updated_at >= ${from})
       OR EXISTS (SELECT FROM feature_overrides o WHERE o.customer_id = c.id
                   AND o.expires_at >= ${from} AND o.expires_at <= ${books.clock.now()})
       OR EXISTS (SELECT FROM subscriptions s
                    JOIN subscription_items i ON i.subscription_id = s.id
                    JOIN prices p ON p.id = i.price_id
                    JOIN plans l ON l.id IN (s.plan_id, p.plan_id)
                   WHERE s.customer_id = c.id AND s.status <> 'canceled' AND l.updated_at >= ${from}))
     ORDER BY c.id`;
  for (let start = 0; start < changed.length; start += BATCH) {
    const batch = changed.slice(start, start + BATCH).map(({ tenantId }) => tenantId);
    await refreshEntitlements(books, central, batch);
  }
}

/**
 * The same for these tenants. The books are read under a lock of central's, so that of two who refresh a tenant at once
 * the later to write is the later to read; what has not changed is neither written nor announced.
 */
export async function refreshEntitlements(
  books: TenantContext,
  central: CentralDatabase,
  tenantIds: readonly string[],
): Promise<void> {
  await central.db.$transaction(
    async (tx) => {
      await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended('nova:tenant-entitlements', 0))`;
      const changed = await replaceRows(tx, tenantIds, await readRows(books, tenantIds));
      await announceAll(
        tx,
        changed.map((tenantId) => ({ kind: 'entitlements', tenantId })),
      );
    },
    { timeout: LIMIT_MS, maxWait: LIMIT_MS },
  );
}

async function readRows(books: TenantContext, tenantIds: readonly string[]): Promise<EntitlementRow[]> {
  const granted = await readGranted(books, tenantIds);
  const plans = await readPlanNames(books, tenantIds);
  return [...granted].flatMap(([tenantId, holdings]) => {
    const planName = plans.get(tenantId) ?? null;
    return holdings
      .filter(({ entitlement }) => planName !== null || entitlement.source !== 'none')
      .map(({ feature, entitlement: { enabled, limit } }) => ({
        tenantId,
        feature,
        enabled,
        amount: limit?.toFixed() ?? null,
        planName,
      }));
  });
}

/** The plans that tenants have by now; several are told together. Who has none is missing: Starter counts for him. */
async function readPlanNames(
  books: TenantContext,
  tenantIds: readonly string[],
): Promise<Map<string, string>> {
  const rows = await books.db.$queryRaw<{ tenantId: string; planName: string }[]>`
    SELECT c.external_id AS "tenantId", string_agg(DISTINCT l.name, ', ') AS "planName"
      FROM customers c
      JOIN subscriptions s ON s.customer_id = c.id AND s.status IN ('active', 'trialing')
      JOIN plans l ON l.id = s.plan_id
     WHERE c.external_id = ANY(${[...tenantIds]})
     GROUP BY c.external_id`;
  return new Map(rows.map(({ tenantId, planName }) => [tenantId, planName]));
}

/** Answers the tenants for whom anything has changed. */
async function replaceRows(
  tx: CentralTransaction,
  tenantIds: readonly string[],
  rows: readonly EntitlementRow[],
): Promise<string[]> {
  const changed = await tx.$queryRaw<{ tenant_id: string }[]>`
    WITH wanted AS (
      SELECT w.* FROM jsonb_to_recordset(${JSON.stringify(rows)}::jsonb)
        AS w ("tenantId" text, feature text, enabled boolean, amount numeric, "planName" text)
        JOIN tenants t ON t.id = w."tenantId"
    ), gone AS (
      DELETE FROM tenant_entitlements e
       WHERE e.tenant_id = ANY(${[...tenantIds]})
         AND NOT EXISTS (SELECT FROM wanted w WHERE w."tenantId" = e.tenant_id AND w.feature = e.feature)
      RETURNING e.tenant_id
    ), written AS (
      INSERT INTO tenant_entitlements AS e (tenant_id, feature, enabled, amount, plan_name, updated_at)
      SELECT "tenantId", feature, enabled, amount, "planName", now() FROM wanted
      ON CONFLICT (tenant_id, feature) DO UPDATE
        SET enabled = EXCLUDED.enabled, amount = EXCLUDED.amount, plan_name = EXCLUDED.plan_name, updated_at = now()
        WHERE (e.enabled, e.amount, e.plan_name) IS DISTINCT FROM (EXCLUDED.enabled, EXCLUDED.amount, EXCLUDED.plan_name)
      RETURNING e.tenant_id
    )
    SELECT tenant_id FROM gone UNION SELECT tenant_id FROM written`;
  return changed.map(({ tenant_id }) => tenant_id);
}
