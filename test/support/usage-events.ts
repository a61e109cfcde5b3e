import type { UsageEvent } from '@nova/core/domain/usage/meter-terms.js';
import type pg from 'pg';

/** An event as the table has it: whose it is, besides what the domain needs. */
export interface StoredEvent extends UsageEvent {
  readonly customerId: string;
  readonly subscriptionId: string | null;
  readonly eventName: string;
}

/** Writes events past the API: for times and properties that it would refuse, and for many of them. */
export async function insertEvents(client: pg.ClientBase, events: readonly StoredEvent[]): Promise<void> {
  await client.query(
    `INSERT INTO usage_events (transaction_id, event_name, customer_id, subscription_id, occurred_at, received_at, properties)
     SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::timestamptz[], $6::timestamptz[], $7::jsonb[])`,
    [
      events.map(({ transactionId }) => transactionId),
      events.map(({ eventName }) => eventName),
      events.map(({ customerId }) => customerId),
      events.map(({ subscriptionId }) => subscriptionId),
      events.map(({ occurredAt }) => occurredAt.toISOString()),
      events.map(({ receivedAt }) => receivedAt.toISOString()),
      events.map(({ properties }) => JSON.stringify(properties)),
    ],
  );
}
