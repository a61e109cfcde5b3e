import type { Plan, Price } from '@nova/prisma-tenant';

import type { Cursors } from '../../platform/http/cursors.js';
import { paginate, type Page } from '../../platform/http/pagination.js';
import type { TenantContext, TenantReader } from '../../tenancy/tenant-context.js';
import type { Commitments } from './commitments.js';
import type { VersionTerms } from './plan-wire.js';
import type { ListVersionsQuery } from './plans.schemas.js';
import { type PlanVersionWire, type ShownVersion, toVersionWire } from './version-wire.js';

/** Names a version of a plan. */
export interface VersionKey {
  readonly planId: string;
  readonly number: number;
}

/** The prices of versions, in the order they were made. */
export function pricesOfVersions(db: TenantReader, keys: readonly VersionKey[]): Promise<Price[]> {
  if (keys.length === 0) return Promise.resolve([]);
  const where = { OR: keys.map(({ planId, number }) => ({ planId, planVersion: number })) };
  return db.price.findMany({ where, orderBy: { id: 'asc' } });
}

/**
 * The commitments and trial days of versions, by plan and number. One that a server of the release before made has no
 * row yet: it has neither.
 */
export async function termsOfVersions(
  db: TenantReader,
  keys: readonly VersionKey[],
): Promise<(key: VersionKey) => VersionTerms> {
  const rows = keys.length === 0 ? [] : await db.planVersion.findMany({ where: { OR: [...keys] } });
  const byKey = new Map(rows.map((row) => [`${row.planId} ${row.number}`, row]));
  return ({ planId, number }) => {
    const row = byKey.get(`${planId} ${number}`);
    return { commitments: (row?.commitments ?? []) as Commitments, trialDays: row?.trialDays ?? 0 };
  };
}

/** A version that is known to exist, with its prices. */
export async function readVersion(db: TenantReader, plan: Plan, number: number): Promise<ShownVersion> {
  const key = { planId: plan.id, number };
  const row = await db.planVersion.findUniqueOrThrow({ where: { planId_number: key } });
  return { ...row, prices: await pricesOfVersions(db, [key]), current: plan.currentVersion === number };
}

/** A page of a plan's versions, newest first unless asked otherwise. */
export function listVersions(
  ctx: TenantContext,
  cursors: Cursors,
  plan: Plan,
  query: ListVersionsQuery,
): Promise<Page<PlanVersionWire>> {
  return paginate<ShownVersion & { id: string }, PlanVersionWire>({
    query,
    cursors,
    fetch: async ({ where, direction, after, take }) => {
      const rows = await ctx.db.planVersion.findMany({
        where: {
          AND: [
            // A version has a number for an id, and the numbers are in the order of time.
            ...where.AND.filter((part) => 'createdAt' in part),
            { planId: plan.id },
            ...(after ? [{ number: { [direction === 'asc' ? 'gt' : 'lt']: Number(after.id) } }] : []),
          ],
        },
        orderBy: { number: direction },
        take,
      });
      const prices = await pricesOfVersions(ctx.db, rows);
      return rows.map((row) => ({
        ...row,
        id: String(row.number),
        prices: prices.filter(({ planVersion }) => planVersion === row.number),
        current: plan.currentVersion === row.number,
      }));
    },
    toWire: toVersionWire,
  });
}
