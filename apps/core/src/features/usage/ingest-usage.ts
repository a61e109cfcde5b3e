import type { TenantContext } from '../../tenancy/tenant-context.js';
import { type IngestFacts, readFacts } from './ingest-facts.js';
import { type CountedEvent, judgeEvent, policyOf } from './judge-event.js';
import { readEvent } from './read-event.js';
import { storeEvents } from './store-events.js';
import type { EventProblem } from './usage-event-input.js';
import { ensureMonths } from './usage-months.js';

const TRANSACTION_ID_LENGTH_MAX = 255;

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
  const now = ctx.clock.now();
  const readings = items.map((item) => readEvent(item, now));
  const events = readings.flatMap((reading) => ('event' in reading ? [reading.event] : []));
  const facts = events.length > 0 ? await readFacts(ctx, events, now) : NO_FACTS;
  const policy = policyOf(ctx);
  const counted = new Map<string, CountedEvent>();
  const outcomes = readings.map((reading, index): Outcome => {
    if ('problem' in reading) return rejected(transactionIdOf(items[index]), reading.problem);
    const { transactionId } = reading.event;
    const judgement = judgeEvent(reading.event, facts, policy);
    if ('problem' in judgement) return rejected(transactionId, judgement.problem);
    if (counted.has(transactionId)) return { status: 'duplicate', transactionId };
    counted.set(transactionId, judgement.counted);
    return judgement;
  });
  const known = await store(ctx, [...counted.values()]);
  return outcomes.map((outcome) => ('counted' in outcome ? resultOf(outcome.counted, known) : outcome));
}

/** What is known of an event before it is stored. */
type Outcome = IngestResult | { readonly counted: CountedEvent };

const NO_FACTS: IngestFacts = { customers: new Map(), subscriptions: new Map(), meters: new Map() };

function resultOf({ event, warnings }: CountedEvent, known: ReadonlySet<string>): IngestResult {
  const { transactionId } = event;
  if (known.has(transactionId)) return { status: 'duplicate', transactionId };
  return { status: 'accepted', transactionId, warnings };
}

function rejected(transactionId: string | null, problem: EventProblem): IngestResult {
  return { status: 'rejected', transactionId, problem };
}

/** What an event that cannot be read calls itself, for the caller to find it by. */
function transactionIdOf(item: unknown): string | null {
  const named =
    typeof item === 'object' && item !== null && 'transactionId' in item ? item.transactionId : null;
  return typeof named === 'string' ? named.slice(0, TRANSACTION_ID_LENGTH_MAX) : null;
}

/** Stores events, and answers the ids of those that were there already. */
async function store(ctx: TenantContext, events: readonly CountedEvent[]): Promise<ReadonlySet<string>> {
  if (events.length === 0) return new Set();
  await ensureMonths(
    ctx,
    events.map(({ event }) => event.occurredAt),
  );
  return storeEvents(ctx, events);
}
