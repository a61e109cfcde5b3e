import { textOf, type Json } from '../frame/json-text.js';
import type { WebhookSender } from '../frame/webhook-sender.js';
import { create, ownerOf } from './store.js';
import { API_VERSION, type StripeObject, type StripeWorld } from './world.js';

/** Tells every address of the merchant of something that has happened to an object, as it is now. */
export function emit(
  world: StripeWorld,
  type: string,
  subject: StripeObject,
  idempotencyKey: string | null = null,
): void {
  const times = world.twinEvents ? 2 : 1;
  world.twinEvents = false;
  for (let time = 0; time < times; time++) emitOnce(world, type, subject, idempotencyKey);
}

function emitOnce(
  world: StripeWorld,
  type: string,
  subject: StripeObject,
  idempotencyKey: string | null,
): void {
  const owner = ownerOf(world, subject.id);
  const event = create(
    world,
    owner,
    { prefix: 'evt', object: 'event' },
    {
      api_version: API_VERSION,
      data: { object: structuredClone(subject) as Json },
      pending_webhooks: 1,
      request: { id: `req_${world.ids.text(14)}`, idempotency_key: idempotencyKey },
      type,
    },
  );
  tell(world, event, world.webhooks);
}

/** Sends an event to the addresses that want it. */
export function tell(world: StripeWorld, event: StripeObject, webhooks: WebhookSender): void {
  const { account, livemode } = ownerOf(world, event.id);
  const type = textOf(event['type']);
  for (const endpoint of world.endpoints) {
    if (endpoint.account !== account || endpoint.livemode !== livemode) continue;
    if (!endpoint.events.includes('*') && !endpoint.events.includes(type)) continue;
    webhooks.enqueue({
      event: type,
      ref: subjectOf(event),
      url: endpoint.url,
      secret: endpoint.secret,
      body: event,
    });
  }
}

function subjectOf(event: StripeObject): string {
  const { object } = event['data'] as { object: StripeObject };
  return object.id;
}
