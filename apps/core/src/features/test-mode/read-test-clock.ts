import type { TenantContext } from '../../tenancy/tenant-context.js';
import { requireTestMode } from './require-test-mode.js';

export interface TestClockReading {
  readonly now: Date;
  /** Whether it was ever moved: from then on it stands still. */
  readonly frozen: boolean;
  readonly advancingTo: Date | null;
}

/**
 * What the tenant's test clock says at this moment, which may be later than when the request was opened.
 * @throws liveMode
 */
export async function readTestClock(ctx: TenantContext): Promise<TestClockReading> {
  requireTestMode(ctx);
  const row = await ctx.db.testClock.findUnique({ where: { id: 1 } });
  if (row === null) return { now: ctx.clock.now(), frozen: false, advancingTo: null };
  return { now: row.now, frozen: true, advancingTo: row.advancingTo };
}
