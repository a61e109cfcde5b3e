import { hasSucceeded, judgeEndpoint } from '../../../domain/webhooks/endpoint-health.js';
import { nextAttempt } from '../../../domain/webhooks/retry-schedule.js';
import type { TenantContext, TenantTransaction } from '../../../tenancy/tenant-context.js';
import { disableEndpoint } from '../disable-endpoint.js';
import type { AttemptOutcome } from './attempt-delivery.js';
import { LEASE_SECONDS } from './due-endpoints.js';

/**
 * Writes how attempts at one endpoint went: the log, what becomes of each delivery, and of the endpoint. The process
 * that sent them keeps the endpoint for another while, where it has it.
 */
export async function recordOutcomes(
  ctx: TenantContext,
  endpointId: string,
  outcomes: readonly AttemptOutcome[],
): Promise<void> {
  await ctx.transaction(async (tx) => {
    const [endpoint] = await tx.db.$queryRaw<
      { failures: number; failingSince: Date | null; status: string }[]
    >`
      SELECT failures, failing_since AS "failingSince", status FROM webhook_endpoints
      WHERE id = ${endpointId} FOR UPDATE`;
    // It was deleted meanwhile, and its log with it.
    if (!endpoint) return;
    const now = ctx.clock.now();
    await writeAttempts(tx, outcomes, now);
    const judged = judgeEndpoint(endpoint, outcomes, now);
    await tx.db.$executeRaw`
      UPDATE webhook_endpoints SET failures = ${judged.failures}, failing_since = ${judged.failingSince}::timestamptz,
        paused_until = ${judged.pausedUntil}::timestamptz,
        leased_until = CASE WHEN leased_until IS NOT NULL
          THEN clock_timestamp() + make_interval(secs => ${LEASE_SECONDS}) END
      WHERE id = ${endpointId}`;
    if (judged.disable && endpoint.status === 'enabled') {
      await disableEndpoint(ctx, tx, { id: endpointId }, judged.disable);
    }
  });
}

/** A delivery that was replayed or has arrived meanwhile by another way keeps what it was given there. */
async function writeAttempts(
  tx: TenantTransaction,
  outcomes: readonly AttemptOutcome[],
  now: Date,
): Promise<void> {
  const rows = outcomes.map((outcome) => rowOf(outcome, now));
  await tx.db.$executeRaw`
    WITH made AS (
      SELECT * FROM jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) AS a (id text, delivery_id text, step int,
        started_at timestamptz, duration_ms int, outcome text, status_code int, error text, headers jsonb, body text,
        status text, next_attempt_at timestamptz)
    ), changed AS (
      UPDATE webhook_deliveries d
      SET attempts = d.attempts + 1, last_attempt_at = m.started_at, last_status_code = m.status_code,
        last_error = m.error, updated_at = ${now},
        step = CASE WHEN d.status = 'pending' AND d.step = m.step THEN m.step + 1 ELSE d.step END,
        status = CASE WHEN d.status = 'pending' AND (d.step = m.step OR m.outcome = 'succeeded')
          THEN m.status ELSE d.status END,
        next_attempt_at = CASE WHEN d.status = 'pending' AND (d.step = m.step OR m.outcome = 'succeeded')
          THEN m.next_attempt_at ELSE d.next_attempt_at END
      FROM made m WHERE d.id = m.delivery_id
      RETURNING d.id, d.attempts
    )
    INSERT INTO webhook_attempts (id, delivery_id, number, started_at, duration_ms, outcome, status_code, error,
      response_headers, response_body)
    SELECT m.id, c.id, c.attempts, m.started_at, m.duration_ms, m.outcome, m.status_code, m.error, m.headers, m.body
    FROM made m JOIN changed c ON c.id = m.delivery_id`;
}

function rowOf(outcome: AttemptOutcome, now: Date) {
  const { id, deliveryId, step, startedAt, durationMs, statusCode, error, headers, body } = outcome;
  const isDone = hasSucceeded(outcome);
  const next = isDone
    ? null
    : nextAttempt(step + 1, { now, chance: Math.random(), notBefore: outcome.retryAfter });
  return {
    id,
    delivery_id: deliveryId,
    step,
    started_at: startedAt,
    duration_ms: durationMs,
    outcome: isDone ? 'succeeded' : 'failed',
    status_code: statusCode,
    error,
    headers,
    body,
    status: isDone ? 'succeeded' : next ? 'pending' : 'failed',
    next_attempt_at: next,
  };
}
