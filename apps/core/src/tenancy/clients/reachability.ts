import type { DatabaseSnapshot } from '../directory/tenant-directory.js';
import { tenantUnreachable } from '../tenancy.errors.js';
import type { ClientEvents } from './client-events.js';

/** How long a database that did not answer is left alone before it is asked again. */
const UNREACHABLE_FOR_MS = 2_000;
const PRUNE_AT = 1_000;
const FORGET_AFTER_MS = 60_000;

interface Outage {
  until: number;
  /** Somebody is asking whether it is back. */
  asking: boolean;
}

/**
 * Remembers for a moment which databases do not answer, so that requests and jobs for them fail at once instead of waiting
 * in a row for the same time limit. When the moment is over, one of them asks again, by a connection of its own.
 */
export class Reachability {
  private readonly outages = new Map<string, Outage>();

  constructor(
    private readonly probe: (database: DatabaseSnapshot) => Promise<void>,
    private readonly events: ClientEvents,
  ) {}

  /** Whether `confirm` has to be called before the database is used. */
  isInDoubt(database: DatabaseSnapshot): boolean {
    return this.outages.size > 0 && this.outages.has(keyOf(database));
  }

  /**
   * Returns when the database answers again.
   * @throws tenant_unreachable at once while it is left alone or asked by another, and when it does not answer
   */
  async confirm(database: DatabaseSnapshot): Promise<void> {
    const outage = this.outages.get(keyOf(database));
    if (!outage) return;
    if (outage.asking || performance.now() < outage.until) {
      this.events.failedFast();
      throw unreachable(null);
    }
    outage.asking = true;
    try {
      await this.probe(database);
    } catch (error) {
      outage.until = performance.now() + UNREACHABLE_FOR_MS;
      throw unreachable(error);
    } finally {
      outage.asking = false;
    }
    this.answered(database);
  }

  /** Notes that a database does not answer, and says so as the problem that its tenant gets. */
  lost(database: DatabaseSnapshot, error: unknown): Error {
    const now = performance.now();
    const known = this.outages.get(keyOf(database));
    if (known) known.until = now + UNREACHABLE_FOR_MS;
    else {
      this.prune(now);
      const until = now + UNREACHABLE_FOR_MS;
      this.outages.set(keyOf(database), { until, asking: false });
      this.events.unreachable(database, error);
    }
    return unreachable(error);
  }

  /** Notes that a database answers. */
  answered(database: DatabaseSnapshot): void {
    if (this.outages.delete(keyOf(database))) this.events.reachable(database);
  }

  /** Databases that nobody has asked for again would be remembered for ever. */
  private prune(now: number): void {
    if (this.outages.size < PRUNE_AT) return;
    for (const [key, { until }] of this.outages) {
      if (until + FORGET_AFTER_MS < now) this.outages.delete(key);
    }
  }
}

/** By version too: one that was moved to another server is another matter. */
function keyOf({ id, configVersion }: DatabaseSnapshot): string {
  return `${id}@${configVersion}`;
}

function unreachable(cause: unknown): Error {
  return tenantUnreachable('The tenant’s database does not answer at the moment. Try again shortly.', {
    headers: { 'Retry-After': '2' },
    cause,
  });
}
