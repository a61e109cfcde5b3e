import { retryAfterMoment } from '../../../domain/webhooks/retry-schedule.js';
import { systemClock } from '../../../platform/clock/clock.js';
import type { OutboundAnswer, OutboundClient } from '../../../platform/outbound/outbound-client.js';
import { newId } from '../../../platform/ids/new-id.js';
import { messageHeaders } from './webhook-message.js';

const KEPT_BYTES = 4_096;
const KEPT_HEADERS_BYTES = 4_096;

/** One delivery, ready to be sent. */
export interface ReadyDelivery {
  readonly id: string;
  readonly eventId: string;
  /** Attempts of the schedule that were made. */
  readonly step: number;
  readonly body: string;
}

/** How an attempt went, as its row has it. */
export interface AttemptOutcome {
  readonly id: string;
  readonly deliveryId: string;
  readonly step: number;
  readonly startedAt: Date;
  readonly durationMs: number;
  readonly statusCode: number | null;
  readonly error: string | null;
  readonly headers: Readonly<Record<string, string>> | null;
  readonly body: string | null;
  /** On the tenant's clock. */
  readonly retryAfter: Date | null;
}

/** Sends one delivery. Whatever goes wrong is an outcome. */
export async function attemptDelivery(
  client: OutboundClient,
  delivery: ReadyDelivery,
  { url, secrets, now }: { url: string; secrets: readonly string[]; now: Date },
): Promise<AttemptOutcome> {
  const { id: deliveryId, eventId, step, body } = delivery;
  const begun = performance.now();
  const attempt = { id: newId('wha'), deliveryId, step, startedAt: now };
  const took = () => Math.round(performance.now() - begun);
  // Nothing goes out that the receiver could not verify.
  if (secrets.length === 0) return { ...attempt, durationMs: 0, ...withoutAnswer('no_secret') };
  try {
    const headers = messageHeaders({ id: eventId, body }, { secrets, at: systemClock.now() });
    const answer = await client.post({ url, headers, body });
    return { ...attempt, durationMs: took(), ...answered(answer, now) };
  } catch (error) {
    return { ...attempt, durationMs: took(), ...withoutAnswer(reasonOf(error)) };
  }
}

function answered({ statusCode, headers, body }: OutboundAnswer, now: Date) {
  const retryAfter = retryAfterMoment(headers['retry-after'], { now, realNow: systemClock.now() });
  return {
    statusCode,
    error: null,
    headers: keptHeaders(headers),
    // PostgreSQL's texts hold no zero bytes.
    body: body.subarray(0, KEPT_BYTES).toString('utf8').replaceAll('\0', '\uFFFD'),
    retryAfter,
  };
}

function withoutAnswer(error: string) {
  return { statusCode: null, error, headers: null, body: null, retryAfter: null };
}

/** What of an answer's headers is kept: the first, until there are too many. Cookies are the receiver's own. */
function keptHeaders(headers: OutboundAnswer['headers']): Record<string, string> {
  const kept: Record<string, string> = {};
  let room = KEPT_HEADERS_BYTES;
  for (const [name, value] of Object.entries(headers)) {
    if (name === 'set-cookie' || value === undefined) continue;
    const text = String(value).replaceAll('\0', '');
    room -= name.length + text.length;
    if (room < 0) break;
    kept[name] = text;
  }
  return kept;
}

/** A failure in a word that support and callers can look for: what Node calls it, in small letters. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return 'failed';
  if (error.name === 'TimeoutError' || error.name === 'AbortError') return 'timeout';
  const code = (error as NodeJS.ErrnoException).code;
  return typeof code === 'string' ? code.toLowerCase().replace(/^err_/, '') : 'failed';
}
