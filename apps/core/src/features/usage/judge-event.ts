import type { MeterTerms, PropertyValue } from '../../domain/usage/meter-terms.js';
import { passesFilters } from '../../domain/usage/passes-filters.js';
import { quantityProblem } from '../../domain/usage/property-value.js';
import { pointerOf } from '../../platform/http/scan-json.js';
import type { TenantContext } from '../../tenancy/tenant-context.js';
import type { IngestFacts, IngestMeter, MeteredCustomer, MeteredSubscription } from './ingest-facts.js';
import type { EventProblem, ReadEvent } from './usage-event-input.js';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
export const LATE_USAGE_DAYS_DEFAULT = 35;
const AHEAD_DAYS_MAX = 1;
const GRACE_HOURS_DEFAULT = 1;

/** When events are taken, by the tenant's clock and settings. */
export interface IngestPolicy {
  readonly now: number;
  readonly earliest: number;
  readonly latest: number;
  readonly lateDays: number;
  readonly graceHours: number;
}

/** An event that is counted, with what it is to be looked at for. */
export interface CountedEvent {
  readonly event: ReadEvent;
  readonly customer: MeteredCustomer;
  readonly subscriptionId: string | null;
  readonly meters: readonly IngestMeter[];
  /** What is told of it although it is counted. */
  readonly warnings: readonly EventProblem[];
}

export type Judgement = { readonly counted: CountedEvent } | { readonly problem: EventProblem };

/** What the tenant's clock and settings say about the age of events. */
export function policyOf(ctx: Pick<TenantContext, 'clock' | 'tenant'>): IngestPolicy {
  const now = ctx.clock.now().getTime();
  const { lateUsageDays = LATE_USAGE_DAYS_DEFAULT, invoiceGraceHours = GRACE_HOURS_DEFAULT } =
    ctx.tenant.settings;
  return {
    now,
    earliest: now - lateUsageDays * DAY_MS,
    latest: now + AHEAD_DAYS_MAX * DAY_MS,
    lateDays: lateUsageDays,
    graceHours: invoiceGraceHours,
  };
}

/** Whether an event can be counted, and by what. The first reason not to is told. */
export function judgeEvent(event: ReadEvent, facts: IngestFacts, policy: IngestPolicy): Judgement {
  const meters = facts.meters.get(event.eventName);
  if (!meters)
    return refuse('/eventName', 'unknown_event_name', 'No active meter counts events of this name');
  const age = ageProblem(event.occurredAt, policy);
  if (age) return { problem: age };
  const customer = facts.customers.get(event.customer);
  if (!customer) return refuse('/customerId', 'unknown_customer', 'There is no such customer');
  const subscription = event.subscription === null ? null : facts.subscriptions.get(event.subscription);
  if (subscription !== null) {
    const problem = subscriptionProblem(event, subscription, customer, policy);
    if (problem) return { problem };
  }
  const warnings: EventProblem[] = [];
  for (const { terms } of meters) {
    const problem = valueProblem(event, terms);
    if (!problem) continue;
    if (problem.code !== 'not_a_number' && problem.code !== 'missing') return { problem };
    if (!warnings.some(({ pointer }) => pointer === problem.pointer)) warnings.push(problem);
  }
  return { counted: { event, customer, subscriptionId: subscription?.id ?? null, meters, warnings } };
}

function ageProblem(occurredAt: number, { earliest, latest, lateDays }: IngestPolicy): EventProblem | null {
  const pointer = '/timestamp';
  if (occurredAt < earliest) {
    return { pointer, code: 'event_too_old', message: `Events are taken for ${lateDays} days` };
  }
  if (occurredAt <= latest) return null;
  return { pointer, code: 'event_too_far_ahead', message: 'An event may lie one day ahead at most' };
}

/** A subscription that has ended takes what was used before its end, until its last invoice is final. */
function subscriptionProblem(
  { occurredAt }: ReadEvent,
  subscription: MeteredSubscription | undefined,
  customer: MeteredCustomer,
  policy: IngestPolicy,
): EventProblem | null {
  const pointer = '/subscriptionId';
  if (subscription?.customerId !== customer.id) {
    return { pointer, code: 'unknown_subscription', message: 'The customer has no such subscription' };
  }
  const endedAt = subscription.endedAt?.getTime();
  if (endedAt === undefined) return null;
  const graceMs = (subscription.graceHours ?? policy.graceHours) * HOUR_MS;
  if (occurredAt < endedAt && policy.now < endedAt + graceMs) return null;
  return { pointer, code: 'subscription_canceled', message: 'The subscription has ended' };
}

const MESSAGES = {
  not_a_number: 'is no decimal number, and counts as 0',
  quantity_too_large: 'must be below 1,000,000,000,000,000',
  too_many_decimals: 'must have 12 decimals at most; send exact decimals as texts',
  missing: 'is what a meter counts, and is missing',
} as const;

function valueProblem(event: ReadEvent, terms: MeterTerms): EventProblem | null {
  if (terms.property === null) return null;
  const value: PropertyValue | undefined = event.properties[terms.property];
  const code = codeOf(value, terms);
  // Only what the meter would count is told: other meters of the name may want other properties.
  if (code === null || !passesFilters(event, terms.filters)) return null;
  return { pointer: pointerOf(['properties', terms.property]), code, message: MESSAGES[code] };
}

function codeOf(value: PropertyValue | undefined, { aggregation }: MeterTerms): keyof typeof MESSAGES | null {
  if (value === undefined) return 'missing';
  return aggregation === 'unique_count' ? null : quantityProblem(value);
}

function refuse(pointer: string, code: string, message: string): Judgement {
  return { problem: { pointer, code, message } };
}
