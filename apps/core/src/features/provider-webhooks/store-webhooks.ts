import { systemClock } from '../../platform/clock/clock.js';
import type { TenantContext } from '../../tenancy/tenant-context.js';
import type { NewWebhook } from './new-webhook.js';

/** Stores the events that are `$1`, which are due at `$2` of the tenant's clock and came at `$3`. */
const STORE = `
  INSERT INTO provider_webhooks (id, provider, dedupe_key, kind, type, body, headers, reference, provider_payment_id,
    provider_refund_id, event, status, note, next_attempt_at, received_at)
  SELECT r ->> 0, r ->> 1, r ->> 2, r ->> 3, r ->> 4, decode(r ->> 5, 'base64'), (r ->> 6)::jsonb, r ->> 7, r ->> 8,
    r ->> 9, (r ->> 10)::jsonb, r ->> 11, r ->> 12,
    CASE WHEN r ->> 11 = 'received' THEN $2::timestamptz END, $3::timestamptz
  FROM jsonb_array_elements($1::jsonb) AS r
  ON CONFLICT DO NOTHING`;

/** Stores events, each once, and has them looked at. Two groups with the same events take their keys in one order. */
export async function storeWebhooks(ctx: TenantContext, webhooks: readonly NewWebhook[]): Promise<void> {
  const now = ctx.clock.now();
  const rows = webhooks
    .toSorted((one, other) => (one.dedupeKey < other.dedupeKey ? -1 : 1))
    .map((row) => [
      row.id,
      row.provider,
      row.dedupeKey,
      row.kind,
      row.type,
      row.body.toString('base64'),
      row.headers,
      row.reference,
      row.providerPaymentId,
      row.providerRefundId,
      row.event,
      row.status,
      row.note,
    ]);
  const isAnyDue = webhooks.some(({ status }) => status === 'received');
  await ctx.write(
    { text: STORE, values: [JSON.stringify(rows), now, systemClock.now()] },
    new Map(isAnyDue ? [['provider_webhooks', now]] : []),
  );
}
