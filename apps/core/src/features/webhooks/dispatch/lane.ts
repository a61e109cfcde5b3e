import { hasSucceeded } from '../../../domain/webhooks/endpoint-health.js';
import { systemClock } from '../../../platform/clock/clock.js';
import type { OutboundClient } from '../../../platform/outbound/outbound-client.js';
import type { TenantContext } from '../../../tenancy/tenant-context.js';
import type { WebhookSecrets } from '../webhook-secrets.js';
import { type AttemptOutcome, attemptDelivery } from './attempt-delivery.js';
import { type Batch, loadBatch } from './load-batch.js';
import { recordOutcomes } from './record-outcomes.js';

/** An endpoint is sent a few at once at first, and more while they all arrive. One that fails is sent one at a time. */
const FIRST_WINDOW = 4;
const LARGEST_WINDOW = 64;
/** How long a lane goes on without a break, so that it notices what has changed around it. */
const LANE_LIMIT_MS = 10_000;

export interface LaneDeps {
  /** Aborted when the process is about to end: lanes then come to an end too. */
  readonly ending: AbortSignal;
  readonly client: OutboundClient;
  readonly secrets: WebhookSecrets;
  readonly publicUrl: string;
}

/** Gives a context for a piece of work, so that nothing of the tenant's is held while its receivers take their time. */
export type WithContext = <T>(work: (ctx: TenantContext) => Promise<T>) => Promise<T>;

/**
 * Sends an endpoint what is due for it, batch by batch, until nothing is, or something says that it is enough. Lanes of
 * other endpoints go on beside it, so that one that is slow keeps only its own deliveries waiting.
 * @param clock whose lane it is: one on a clock that runs ends when the clock was stopped, and the advance goes on
 */
export async function runLane(
  deps: LaneDeps,
  endpointId: string,
  { within, clock }: { within: WithContext; clock: 'runs' | 'stands' },
): Promise<void> {
  const deadline = performance.now() + LANE_LIMIT_MS;
  let outcomes: readonly AttemptOutcome[] = [];
  for (let window = FIRST_WINDOW; ; window = nextWindow(window, outcomes)) {
    const done = outcomes;
    const mayGoOn = performance.now() < deadline && !deps.ending.aborted;
    const batch = await within(async (ctx): Promise<(Batch & { now: Date }) | null> => {
      if (done.length > 0) await recordOutcomes(ctx, endpointId, done);
      const isOurs = clock === 'stands' || ctx.clock === systemClock;
      const found = mayGoOn && isOurs ? await loadBatch(deps, ctx, { endpointId, most: window }) : null;
      return found && { ...found, now: ctx.clock.now() };
    });
    if (!batch) return;
    const { endpoint, secrets, deliveries, now } = batch;
    outcomes = await Promise.all(
      deliveries.map((delivery) =>
        attemptDelivery(deps.client, delivery, { url: endpoint.url, secrets, now }),
      ),
    );
  }
}

function nextWindow(window: number, outcomes: readonly AttemptOutcome[]): number {
  return outcomes.every(hasSucceeded) ? Math.min(window * 2, LARGEST_WINDOW) : 1;
}
