import { nextTryAfterMs } from '../../domain/payments/webhook-ladder.js';
import { systemClock } from '../../platform/clock/clock.js';
import type { TenantContext } from '../../tenancy/tenant-context.js';
import { parkedWebhooks } from './webhook-metrics.js';
import type { DueWebhook, WebhookResult } from './webhook-result.js';

/** A webhook, and what was done about it. */
export interface Conclusion {
  readonly webhook: DueWebhook;
  readonly result: WebhookResult;
}

/** What has been concluded meanwhile, by another run, stays as it is. */
const CONCLUDE = `
  UPDATE provider_webhooks w
     SET status = r.status, note = r.note, attempts = w.attempts + 1, next_attempt_at = r.next,
         processed_at = CASE WHEN r.status = 'received' THEN NULL ELSE $2::timestamptz END
    FROM jsonb_to_recordset($1::jsonb) AS r (id text, status text, note text, next timestamptz)
   WHERE w.id = r.id AND w.status = 'received'`;

/** Writes down what was done about webhooks, and when those are looked at again that could not be dealt with. */
export async function concludeWebhooks(
  ctx: TenantContext,
  conclusions: readonly Conclusion[],
): Promise<void> {
  const now = ctx.clock.now();
  const rows = conclusions.map(({ webhook, result }) => ({ id: webhook.id, ...endOf(webhook, result, now) }));
  for (const { webhook, result } of conclusions) tellParked(ctx, webhook, rows, result);
  const moments = rows.flatMap(({ next }) => (next === null ? [] : [next]));
  const first = moments.reduce<Date | null>((one, other) => (one && one < other ? one : other), null);
  await ctx.write(
    { text: CONCLUDE, values: [JSON.stringify(rows), systemClock.now()] },
    new Map(first ? [['provider_webhooks', first]] : []),
  );
}

interface End {
  readonly status: 'received' | 'processed' | 'ignored' | 'parked';
  readonly note: string;
  readonly next: Date | null;
}

function endOf({ attempts }: DueWebhook, { kind, note }: WebhookResult, now: Date): End {
  if (kind !== 'later') return { status: kind, note, next: null };
  const wait = nextTryAfterMs(attempts + 1);
  if (wait === null) return { status: 'parked', note, next: null };
  return { status: 'received', note, next: new Date(now.getTime() + wait) };
}

/** What nobody can deal with by itself is said where operators look, once it is given up. */
function tellParked(
  ctx: TenantContext,
  { id, provider }: DueWebhook,
  rows: readonly (End & { id: string })[],
  { note }: WebhookResult,
): void {
  if (rows.find((row) => row.id === id)?.status !== 'parked') return;
  parkedWebhooks.inc({ provider });
  ctx.log.error({ webhookId: id, provider, note }, 'A webhook waits for a person.');
}
