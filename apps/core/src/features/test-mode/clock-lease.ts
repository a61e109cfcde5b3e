import { setInterval } from 'node:timers';

import { stoppedClock } from '../../platform/clock/clock.js';
import { newId } from '../../platform/ids/new-id.js';
import type { TenantContext, TenantTransaction } from '../../tenancy/tenant-context.js';
import { clockCannotGoBack, clockIsAdvancing } from './test-mode.errors.js';

const LEASE_SECONDS = 60;
const RENEW_EVERY_MS = 15_000;

/**
 * The right to move a test clock, held by one advance at a time. It is renewed while its process lives, and runs out
 * when that dies: then the next advance takes the clock over where it stands.
 */
export class ClockLease {
  private readonly heartbeat: NodeJS.Timeout;

  private constructor(
    private readonly ctx: TenantContext,
    private readonly owner: string,
    private moment: Date,
  ) {
    this.heartbeat = setInterval(() => void this.renew(), RENEW_EVERY_MS);
  }

  /**
   * Refuses an advance that could not take the lease now, before anybody waits for anything.
   * @throws clockIsAdvancing, clockCannotGoBack
   */
  static async refuseUnlessFree(ctx: TenantContext, to: Date): Promise<void> {
    const [row] = await ctx.db.$queryRaw<{ now: Date; taken: boolean }[]>`
      SELECT now, coalesce(lease_until > clock_timestamp(), false) AS taken FROM test_clock WHERE id = 1`;
    if (row?.taken) throw alreadyAdvancing();
    refuseToGoBack(row?.now ?? ctx.clock.now(), to);
  }

  /**
   * Takes the lease for an advance. A clock that was never moved stands still from here on.
   * @throws clockIsAdvancing, clockCannotGoBack
   */
  static async take(ctx: TenantContext, to: Date): Promise<ClockLease> {
    const owner = newId('job');
    const moment = await ctx.transaction(async (tx) => {
      const [row] = await tx.db.$queryRaw<{ now: Date }[]>`
        INSERT INTO test_clock (id, now, advancing_to, lease_until, lease_owner)
        VALUES (1, ${ctx.clock.now()}, ${to}, clock_timestamp() + make_interval(secs => ${LEASE_SECONDS}), ${owner})
        ON CONFLICT (id) DO UPDATE
          SET advancing_to = excluded.advancing_to, lease_until = excluded.lease_until, lease_owner = excluded.lease_owner
          WHERE test_clock.lease_until IS NULL OR test_clock.lease_until <= clock_timestamp()
        RETURNING now`;
      if (!row) throw alreadyAdvancing();
      refuseToGoBack(row.now, to);
      return row.now;
    });
    return new ClockLease(ctx, owner, moment);
  }

  /** The context of what is done at the moment at which the clock now stands. */
  get context(): TenantContext {
    return { ...this.ctx, actor: { type: 'system', id: 'test_clock' }, clock: stoppedClock(this.moment) };
  }

  /** Moves the clock on to a moment; a moment that is past already leaves it where it is. */
  async moveTo(moment: Date): Promise<void> {
    this.moment = await this.ctx.transaction(async (tx) => {
      const [row] = await tx.db.$queryRaw<{ now: Date }[]>`
        UPDATE test_clock SET now = GREATEST(now, ${moment}),
          lease_until = clock_timestamp() + make_interval(secs => ${LEASE_SECONDS})
        WHERE id = 1 AND lease_owner = ${this.owner}
        RETURNING now`;
      if (!row) throw takenOver();
      return row.now;
    });
  }

  /** Gives the clock free: the advance has ended here, where it was going to or before. */
  async release(): Promise<void> {
    await this.end((tx) => tx.db.$executeRaw`UPDATE test_clock SET advancing_to = NULL WHERE id = 1`);
  }

  /** Gives the clock free for a job that takes the advance on from where it is. */
  async handOver(to: Date): Promise<void> {
    await this.end((tx) =>
      tx.enqueue('test_clock.advance', { databaseId: this.ctx.databaseId, to: to.toISOString() }),
    );
  }

  /** Stops renewing. Unless it was given free, the lease runs out by itself. */
  stop(): void {
    clearInterval(this.heartbeat);
  }

  private async end(finish: (tx: TenantTransaction) => Promise<unknown>): Promise<void> {
    this.stop();
    await this.context.transaction(async (tx) => {
      const count = await tx.db.$executeRaw`
        UPDATE test_clock SET lease_until = NULL, lease_owner = NULL WHERE id = 1 AND lease_owner = ${this.owner}`;
      if (count === 0) throw takenOver();
      await finish(tx);
    });
  }

  private async renew(): Promise<void> {
    try {
      const count = await this.ctx.transaction(
        (tx) => tx.db.$executeRaw`
          UPDATE test_clock SET lease_until = clock_timestamp() + make_interval(secs => ${LEASE_SECONDS})
          WHERE id = 1 AND lease_owner = ${this.owner}`,
      );
      if (count === 0) this.stop();
    } catch (error) {
      // The next heartbeat tries again, well before the lease runs out; moving the clock asks whether it still holds.
      this.ctx.log.warn({ err: error }, 'The lease on the test clock could not be renewed');
    }
  }
}

function refuseToGoBack(now: Date, to: Date): void {
  if (to <= now) throw clockCannotGoBack(`It is ${now.toISOString()} on the clock already.`);
}

function alreadyAdvancing(): Error {
  return clockIsAdvancing('Wait until GET /test-clock shows no advancingTo.');
}

function takenOver(): Error {
  return clockIsAdvancing('Another advance has taken the clock over.');
}
