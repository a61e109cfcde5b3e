import { type Clock, stoppedClock, systemClock } from '../../platform/clock/clock.js';
import type { Mode, TenantReader } from '../tenant-context.js';

/** The tenant's clock as it is now. A job's own clock may be that of long ago: it stands where it stood at the start. */
export async function presentClock({ mode, db }: { mode: Mode; db: TenantReader }): Promise<Clock> {
  if (mode === 'live') return systemClock;
  const [row] = await db.$queryRaw<{ now: Date }[]>`SELECT now FROM test_clock WHERE id = 1`;
  return row ? stoppedClock(row.now) : systemClock;
}
