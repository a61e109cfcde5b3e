import type { TenantReader } from '../../tenancy/tenant-context.js';
import { planFull } from './plans.errors.js';

/** A plan is answered with all prices of a version, so there is an end to them. */
export const PRICES_MAX = 100;

/** Likewise of the tiers of all prices of a version together. */
export const TIERS_MAX = 1_000;

/** Nobody looks through more, and every one of them is kept for good. */
export const VERSIONS_MAX = 1_000;

/**
 * Refuses one more price, of so many tiers, where a version of a plan has as many as it may have. The plan's row is
 * to be held, so that two at once are counted.
 * @throws planFull
 */
export async function refuseWhenFull(
  db: TenantReader,
  added: { planId: string; planVersion: number; tiers: number },
): Promise<void> {
  const { planId, planVersion, tiers } = added;
  const [present] = await db.$queryRaw<{ prices: number; tiers: number }[]>`
    SELECT count(*)::int AS prices, COALESCE(sum(jsonb_array_length(terms -> 'tiers')), 0)::int AS tiers
    FROM prices WHERE plan_id = ${planId} AND plan_version = ${planVersion}`;
  if (!present) return;
  if (present.prices >= PRICES_MAX) {
    throw planFull(`Plan ${planId} has ${present.prices} prices. Make another plan.`);
  }
  if (present.tiers + tiers > TIERS_MAX) {
    throw planFull(`The prices of plan ${planId} would have more than ${TIERS_MAX} tiers together.`);
  }
}

/** How many tiers the terms of a new price have, as the request wrote them. */
export function tierCount(terms: Readonly<Record<string, unknown>> | undefined): number {
  const tiers = terms?.['tiers'];
  return Array.isArray(tiers) ? tiers.length : 0;
}
