import type { Mode } from '../../../tenancy/tenant-context.js';

const TEST_REACH_MS = 47 * 3_600_000;

/**
 * From when a provider is asked for what was made at `createdAt`. Providers live in real time: in test mode a tenant's clock
 * may have been moved ahead of it, so that there the last two days are looked through.
 */
export function realSince(mode: Mode, { createdAt, now }: { createdAt: Date; now: Date }): Date {
  const latest = mode === 'live' ? createdAt.getTime() : now.getTime() - TEST_REACH_MS;
  return new Date(Math.min(createdAt.getTime(), latest));
}
