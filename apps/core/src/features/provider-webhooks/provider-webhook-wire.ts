import type { ProviderWebhook } from '@nova/prisma-tenant';
import { z } from 'zod';

import { PROVIDER_NAMES } from '../../domain/payments/provider-amounts.js';
import { MomentSchema } from '../../platform/http/common-schemas.js';
import { listOf, listQuery } from '../../platform/http/pagination.js';
import { EVENT_KINDS } from '../payments/providers/webhook-events.js';

const STATUSES = ['received', 'processed', 'ignored', 'parked'] as const;

const shape = {
  object: z.literal('provider_webhook'),
  id: z.string(),
  provider: z.enum(PROVIDER_NAMES),
  kind: z.enum(EVENT_KINDS).meta({ description: 'What it is about.' }),
  type: z.string().meta({ description: 'The provider’s own name of that.', example: 'charge.success' }),
  status: z.enum(STATUSES).meta({
    description:
      '`received` is looked at again; `parked` could not be dealt with for days, and waits for a person.',
  }),
  note: z.string().nullable().meta({ description: 'What was done about it, or why nothing was.' }),
  reference: z
    .string()
    .nullable()
    .meta({ description: 'The payment’s or refund’s reference that it names.' }),
  providerPaymentId: z.string().nullable(),
  providerRefundId: z.string().nullable(),
  attempts: z.int().meta({ description: 'How often it was looked at.' }),
  nextAttemptAt: MomentSchema.nullable(),
  receivedAt: MomentSchema,
  processedAt: MomentSchema.nullable(),
};

export const ProviderWebhookSchema = z.object(shape).meta({ id: 'ProviderWebhook' });
export type ProviderWebhookWire = z.infer<typeof ProviderWebhookSchema>;
export const ProviderWebhookListSchema = listOf(ProviderWebhookSchema, 'ProviderWebhookList');

export const ProviderWebhookDetailSchema = z
  .object({
    ...shape,
    headers: z
      .record(z.string(), z.string())
      .meta({ description: 'Some of them, and the address that it came from; no signature.' }),
    body: z.object({
      encoding: z.enum(['utf8', 'base64']).meta({ description: '`base64` where it is no text.' }),
      content: z.string(),
    }),
  })
  .meta({ id: 'ProviderWebhookDetail' });

export const ListProviderWebhooksQuerySchema = listQuery({
  provider: z.enum(PROVIDER_NAMES).optional(),
  status: z.enum(STATUSES).optional(),
  kind: z.enum(EVENT_KINDS).optional(),
  reference: z.string().min(1).max(255).optional(),
});
export type ListProviderWebhooksQuery = z.infer<typeof ListProviderWebhooksQuerySchema>;

/** What lists read of a webhook: not its body. */
export const SHOWN_COLUMNS = {
  id: true,
  provider: true,
  kind: true,
  type: true,
  status: true,
  note: true,
  reference: true,
  providerPaymentId: true,
  providerRefundId: true,
  attempts: true,
  nextAttemptAt: true,
  receivedAt: true,
  processedAt: true,
} as const;

export type ShownWebhook = Pick<ProviderWebhook, keyof typeof SHOWN_COLUMNS>;

/** The webhook as callers see it. */
export function toProviderWebhookWire(row: ShownWebhook): ProviderWebhookWire {
  return {
    object: 'provider_webhook',
    id: row.id,
    provider: row.provider as ProviderWebhookWire['provider'],
    kind: row.kind as ProviderWebhookWire['kind'],
    type: row.type,
    status: row.status as ProviderWebhookWire['status'],
    note: row.note,
    reference: row.reference,
    providerPaymentId: row.providerPaymentId,
    providerRefundId: row.providerRefundId,
    attempts: row.attempts,
    nextAttemptAt: row.nextAttemptAt?.toISOString() ?? null,
    receivedAt: row.receivedAt.toISOString(),
    processedAt: row.processedAt?.toISOString() ?? null,
  };
}

/** The same with what was sent. */
export function toProviderWebhookDetailWire(row: ProviderWebhook) {
  return { ...toProviderWebhookWire(row), headers: row.headers, body: bodyOf(Buffer.from(row.body)) };
}

function bodyOf(bytes: Buffer) {
  const text = bytes.toString('utf8');
  return Buffer.from(text).equals(bytes)
    ? { encoding: 'utf8', content: text }
    : { encoding: 'base64', content: bytes.toString('base64') };
}
