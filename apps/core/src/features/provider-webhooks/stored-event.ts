import { z } from 'zod';

import { EVENT_KINDS, type ProviderEvent } from '../payments/providers/webhook-events.js';

/** What was read from a webhook, as it is kept: JSON has neither big integers nor moments. */
const StoredEventSchema = z.object({
  kind: z.enum(EVENT_KINDS),
  type: z.string(),
  dedupeKey: z.string(),
  reference: z.string().nullable(),
  providerPaymentId: z.string().nullable(),
  providerRefundId: z.string().nullable(),
  receipt: z.string().nullable(),
  payer: z.string().optional(),
  billReference: z.string().optional(),
  dispute: z
    .object({
      providerDisputeId: z.string(),
      status: z.enum(['open', 'under_review', 'won', 'lost']),
      reason: z.string().nullable(),
      dueBy: z.iso
        .datetime()
        .nullable()
        .transform((text) => (text === null ? null : new Date(text))),
    })
    .optional(),
  claims: z.object({
    amount: z
      .string()
      .nullable()
      .transform((text) => (text === null ? null : BigInt(text))),
    currency: z.string().nullable(),
  }),
  answer: z
    .discriminatedUnion('kind', [
      z.object({ kind: z.literal('succeeded') }),
      z.object({ kind: z.literal('failed'), code: z.string(), message: z.string() }),
    ])
    .optional(),
  /** Which attempt the address that it came to is of, where it says that: a digest of our reference. */
  attempt: z.string().optional(),
});

/** An event, and what its address says besides. */
export type StoredEvent = z.output<typeof StoredEventSchema>;

/** The event as JSON. */
export function writeEvent(event: ProviderEvent, attempt: string | undefined): string {
  return JSON.stringify(
    { ...event, ...(attempt === undefined ? {} : { attempt }) },
    (_name, value: unknown) => (typeof value === 'bigint' ? value.toString() : value),
  );
}

/** The event of a row. @throws when a newer version has written what this one cannot read */
export function readEvent(stored: unknown): StoredEvent {
  return StoredEventSchema.parse(stored);
}
