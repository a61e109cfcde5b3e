import type { ProviderWebhook } from '@nova/prisma-tenant';

import type { PaymentProviders } from '../payments/providers/payment-providers.js';
import { readEvent, type StoredEvent } from './stored-event.js';

/** A webhook that is to be looked at, and what it tells. */
export interface DueWebhook {
  readonly id: string;
  readonly provider: string;
  /** How often it was looked at before. */
  readonly attempts: number;
  readonly receivedAt: Date;
  readonly event: StoredEvent;
}

/** What was done about a webhook. `later`: it could not be dealt with yet. */
export interface WebhookResult {
  readonly kind: 'processed' | 'ignored' | 'later' | 'parked';
  readonly note: string;
}

/** What webhooks are dealt with by. */
export interface ProcessDeps {
  readonly providers: PaymentProviders;
}

export const DUE_COLUMNS = {
  id: true,
  provider: true,
  attempts: true,
  receivedAt: true,
  event: true,
} as const;

export function dueWebhook(row: Pick<ProviderWebhook, keyof typeof DUE_COLUMNS>): DueWebhook {
  return { ...row, event: readEvent(row.event) };
}

export function processed(note: string): WebhookResult {
  return { kind: 'processed', note };
}

export function ignored(note: string): WebhookResult {
  return { kind: 'ignored', note };
}

export function later(note: string): WebhookResult {
  return { kind: 'later', note };
}

export function parked(note: string): WebhookResult {
  return { kind: 'parked', note };
}
