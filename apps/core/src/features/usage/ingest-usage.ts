import type { TenantContext } from '../../tenancy/tenant-context.js';
import { readFacts } from './ingest-facts.js';
import { type CountedEvent, judgeEvent, policyOf } from './judge-event.js';
import { readEvent } from './read-event.js';
import { noteLateEvents, noteWatchedUsage, storeEvents } from './store-events.js';
import type { EventProblem, ReadEvent } from './usage-event-input.js';
import { ensureMonths } from './usage-months.js';

/** What became of an event. */
export type IngestResult =
  | {
      readonly status: 'accepted';
      readonly transactionId: string;
      readonly warnings: readonly EventProblem[];
    }
  | { readonly status: 'duplicate'; readonly transactionId: string }
  | { readonly status: 'rejected'; readonly transactionId: string | null; readonly problem: EventProblem };

/**
 * Takes events, and says of each what became of it, in their order: one that cannot be counted keeps no other from it. An
 * event is counted once by its transaction id, also when two requests bring it at once, and whatever else they say.
 */
export async function ingestUsage(ctx: TenantContext, items: readonly unknown[]): Promise<IngestResult[]> {
  const results = new Array<IngestResult | undefined>(items.length);
  const readings = items.map((item) => readEvent(item, ctx.clock.now()));
  const events = readings.flatMap((reading) => ('event' in reading ? [reading.event] : []));
  const counted = new Map<string, { index: number; event: CountedEvent }>();
  if (events.length > 0) {
    const facts = await readFacts(ctx.db, events, ctx.clock.now());
    const policy = policyOf(ctx);
    for (const [index, reading] of readings.entries()) {
      if (!('event' in reading)) continue;
      const { transactionId } = reading.event;
      const judgement = judgeEvent(reading.event, facts, policy);
      if ('problem' in judgement) results[index] = { status: 'rejected', transactionId, ...judgement };
      else if (counted.has(transactionId)) results[index] = { status: 'duplicate', transactionId };
      else counted.set(transactionId, { index, event: judgement.counted });
    }
  }
  const stored = await store(
    ctx,
    [...counted.values()].map(({ event }) => event),
  );
  for (const [transactionId, { index, event }] of counted) {
    results[index] = stored.has(transactionId)
      ? { status: 'accepted', transactionId, warnings: event.warnings }
      : { status: 'duplicate', transactionId };
  }
  return results.map((result, index) => result ?? unread(items[index], readings[index]));
}

async function store(ctx: TenantContext, events: readonly CountedEvent[]): Promise<Set<string>> {
  if (events.length === 0) return new Set();
  await ensureMonths(
    ctx,
    events.map(({ event }) => event.occurredAt),
  );
  return ctx.transaction(async (tx) => {
    const stored = await storeEvents(ctx, tx, events);
    const fresh = events.filter(({ event }) => stored.has(event.transactionId));
    await noteLateEvents(tx, fresh);
    await noteWatchedUsage(ctx, tx, fresh);
    return stored;
  });
}

function unread(
  item: unknown,
  reading: { event: ReadEvent } | { problem: EventProblem } | undefined,
): IngestResult {
  const problem = reading && 'problem' in reading ? reading.problem : undefined;
  if (!problem) throw new Error('An event was neither counted nor refused.');
  const named =
    typeof item === 'object' && item !== null && 'transactionId' in item ? item.transactionId : null;
  return {
    status: 'rejected',
    transactionId: typeof named === 'string' ? named.slice(0, 255) : null,
    problem,
  };
}
