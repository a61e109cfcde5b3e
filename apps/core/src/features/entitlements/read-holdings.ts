import { Prisma } from '@nova/prisma-tenant';

import {
  combineGrants,
  type Entitlement,
  type FeatureKind,
  type Grant,
} from '../../domain/entitlements/entitlement.js';
import { type QuotaReset, type QuotaWindow, quotaWindow } from '../../domain/entitlements/quota-window.js';
import { Decimal, toDecimal } from '../../domain/money/decimal.js';
import { notFound } from '../../platform/errors/common-errors.js';
import type { TenantContext } from '../../tenancy/tenant-context.js';
import { aggregateUsage } from '../usage/aggregate-usage.js';
import {
  customerNamed,
  type GrantRow,
  type HoldingRow,
  holdingsQuery,
  type WhichFeatures,
} from './holdings-query.js';

/** What a customer has of a feature, and how much of it is used. */
export interface Holding {
  readonly customerId: string;
  readonly feature: HeldFeature;
  readonly entitlement: Entitlement;
  /** In which uses count together; that of a limit never ends. Null for a switch. */
  readonly window: QuotaWindow | null;
  readonly used: Decimal;
  /** When an override of it ends; null when there is none, or one without an end. */
  readonly overrideExpiresAt: Date | null;
}

export interface HeldFeature {
  readonly id: string;
  readonly code: string;
  readonly name: string;
  readonly kind: FeatureKind;
  readonly unit: string | null;
  readonly meterId: string | null;
}

/** A metered quota counts what the customer's events said up to now, and those of clocks that are a little ahead. */
const CLOCKS_AHEAD_MS = 86_400_000;

/**
 * What a customer has of one feature: one statement, and a second one for a quota that a meter counts.
 * @throws notFound for the customer or the feature
 */
export async function readHolding(
  ctx: TenantContext,
  { customer, feature }: { customer: string; feature: string },
): Promise<Holding> {
  const [holding] = await readHoldings(ctx, customer, { feature });
  if (holding) return holding;
  throw notFound('There is no such feature.', {
    errors: [{ pointer: '/feature', code: notFound.code, message: 'is no feature' }],
  });
}

/**
 * What a customer has of all features, by their codes. Archived ones are left out unless they are granted.
 * @throws notFound for the customer
 */
export async function readHoldings(
  ctx: TenantContext,
  customer: string,
  which: WhichFeatures,
): Promise<Holding[]> {
  const now = ctx.clock.now();
  const rows = await ctx.db.$queryRaw<HoldingRow[]>(holdingsQuery(customerNamed(customer), which, now));
  if (rows.length === 0) {
    throw notFound('There is no such customer.', {
      errors: [{ pointer: '/customerId', code: notFound.code, message: 'is no customer' }],
    });
  }
  const holdings = rows
    .filter(({ featureId, archived, grants, overrideEnabled }) => {
      const isGranted = grants.length > 0 || overrideEnabled !== null;
      return featureId !== null && (which !== 'all' || !archived || isGranted);
    })
    .map((row) => holdingOf(row, { now, timeZone: row.timeZone ?? ctx.tenant.timeZone }));
  return countEarlierWindows(ctx, rows, await countUsage(ctx, holdings, now));
}

/**
 * What several customers have of all features, by their external ids; what they have used is not looked at. A customer
 * who has no subscription and no override has nothing.
 */
export async function readGranted(
  ctx: TenantContext,
  externalIds: readonly string[],
): Promise<Map<string, { feature: string; entitlement: Entitlement }[]>> {
  const now = ctx.clock.now();
  const named = Prisma.sql`external_id = ANY(${[...externalIds]})`;
  const rows = await ctx.db.$queryRaw<HoldingRow[]>(holdingsQuery(named, 'all', now));
  const granted = new Map<string, { feature: string; entitlement: Entitlement }[]>();
  for (const row of rows) {
    if (row.featureId === null || row.externalId === null) continue;
    const { feature, entitlement } = holdingOf(row, { now, timeZone: ctx.tenant.timeZone });
    const known = granted.get(row.externalId) ?? [];
    granted.set(row.externalId, [...known, { feature: feature.code, entitlement }]);
  }
  return granted;
}

function holdingOf(row: HoldingRow, { now, timeZone }: { now: Date; timeZone: string }): Holding {
  const kind = row.kind as FeatureKind;
  const override =
    row.overrideEnabled === null
      ? null
      : { enabled: row.overrideEnabled, amount: decimalOrNull(row.overrideAmount) };
  const entitlement = combineGrants(kind, row.grants.map(grantOf), override);
  const { reset, period } = entitlement;
  const window = kind === 'switch' ? null : quotaWindow(reset ?? 'never', { now, period, timeZone });
  const { customerId, code, name, unit, meterId, overrideExpiresAt } = row;
  return {
    customerId,
    feature: { id: row.featureId ?? '', code, name, kind, unit, meterId },
    entitlement,
    window,
    used: isOf(row, window) ? toDecimal(row.used ?? '0') : new Decimal(0),
    overrideExpiresAt,
  };
}

function grantOf({ enabled, amount, reset, times, periodStart, periodEnd }: GrantRow): Grant {
  return {
    enabled,
    amount: decimalOrNull(amount),
    reset: reset as QuotaReset | null,
    times: toDecimal(times),
    period: { start: new Date(periodStart), end: new Date(periodEnd) },
  };
}

function decimalOrNull(text: string | null): Decimal | null {
  return text === null ? null : toDecimal(text);
}

function isOf({ windowStart }: HoldingRow, window: QuotaWindow | null): boolean {
  return windowStart !== null && windowStart.getTime() === window?.start.getTime();
}

/** What meters have counted, for quotas that are used up by usage. */
async function countUsage(ctx: TenantContext, holdings: Holding[], now: Date): Promise<Holding[]> {
  const metered = holdings.filter(({ feature }) => feature.meterId !== null);
  if (metered.length === 0) return holdings;
  const meters = await ctx.db.meter.findMany({
    where: { id: { in: metered.map(({ feature }) => feature.meterId ?? '') } },
  });
  const byId = new Map(meters.map((meter) => [meter.id, meter]));
  const requests = metered.flatMap(({ customerId, feature, window }) => {
    const meter = byId.get(feature.meterId ?? '');
    if (!meter || !window) return [];
    const end = window.end ?? new Date(now.getTime() + CLOCKS_AHEAD_MS);
    return [
      {
        key: feature.id,
        customerId,
        subscriptionId: null,
        meter,
        window: { start: window.start, end },
        groupBy: [],
        events: 'none' as const,
      },
    ];
  });
  const usage = await aggregateUsage(ctx.db, requests);
  return holdings.map((holding) => {
    const total = usage.get(holding.feature.id)?.[0];
    return total ? { ...holding, used: total.quantity } : holding;
  });
}

/** The newest count may be of a shorter window that began later, when a plan changed how its quota starts anew. */
async function countEarlierWindows(
  ctx: TenantContext,
  rows: readonly HoldingRow[],
  holdings: readonly Holding[],
): Promise<Holding[]> {
  const newest = new Map(rows.map(({ featureId, windowStart }) => [featureId, windowStart]));
  return Promise.all(
    holdings.map(async (holding) => {
      const { customerId, feature, window } = holding;
      const counted = newest.get(feature.id);
      if (!window || feature.meterId !== null || !counted || counted <= window.start) return holding;
      const key = { customerId, featureId: feature.id, windowStart: window.start };
      const use = await ctx.db.featureUse.findUnique({ where: { customerId_featureId_windowStart: key } });
      return use ? { ...holding, used: toDecimal(use.used) } : holding;
    }),
  );
}
