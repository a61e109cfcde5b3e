import type { Event } from '@nova/prisma-tenant';
import { Webhook } from 'standardwebhooks';

import type { Mode } from '../../../tenancy/tenant-context.js';
import { type EventWire, toEventWire } from '../../events/event-wire.js';

/** Bodies are kept small; of a larger event the receiver is told where to read it. */
const BODY_BYTES_MAX = 20_480;

/** Where our API is, and in which mode the event happened. */
export interface MessageOrigin {
  readonly publicUrl: string;
  readonly mode: Mode;
}

/** The body of an event's deliveries: the same in every attempt. */
export function messageBody(event: Event, { publicUrl, mode }: MessageOrigin): string {
  const { createdAt, ...wire } = toEventWire(event);
  const message = { ...wire, mode, timestamp: createdAt, createdAt };
  const body = JSON.stringify(message);
  if (Buffer.byteLength(body) <= BODY_BYTES_MAX) return body;
  const url = `${publicUrl}/api/events/${event.id}`;
  return JSON.stringify({ ...message, data: thinData(wire, url) });
}

function thinData({ objectType, objectId }: EventWire | Omit<EventWire, 'createdAt'>, url: string) {
  return { object: { object: objectType, id: objectId }, truncated: true, url };
}

/**
 * The headers of an attempt as Standard Webhooks has them. The moment is real time, whatever the tenant's clock says:
 * receivers compare it with theirs.
 * @param secrets all that sign at this moment, so that any of them verifies
 */
export function messageHeaders(
  { id, body }: { id: string; body: string },
  { secrets, at }: { secrets: readonly string[]; at: Date },
): Record<string, string> {
  const signatures = secrets.map((secret) => new Webhook(secret).sign(id, at, body));
  return {
    'content-type': 'application/json',
    'user-agent': 'NovaBilling-Webhooks/1',
    'webhook-id': id,
    'webhook-timestamp': String(Math.floor(at.getTime() / 1_000)),
    'webhook-signature': signatures.join(' '),
  };
}
