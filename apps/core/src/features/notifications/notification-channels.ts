import { Injectable } from '@nestjs/common';

import type { TenantContext, TenantTransaction } from '../../tenancy/tenant-context.js';

/** A short message to a customer. */
export interface Notification {
  /** Where to, as the customer has it: a phone number. */
  readonly to: string;
  readonly text: string;
  /** The dunning that it belongs to, and its invoice. */
  readonly dunningRunId: string;
  readonly invoiceId: string;
}

/** Takes a message over, in the transaction that causes it: it is sent after commit, once. */
export type NotificationChannel = (
  ctx: TenantContext,
  tx: TenantTransaction,
  notification: Notification,
) => Promise<void>;

/**
 * Ways to reach customers other than by e-mail. Features that can register theirs; while there is none for a kind, whoever
 * has something to say tells the tenant's own systems by an event, which may say it in their stead.
 */
@Injectable()
export class NotificationChannels {
  private readonly channels = new Map<'sms', NotificationChannel>();

  register(kind: 'sms', channel: NotificationChannel): void {
    if (this.channels.has(kind)) throw new Error(`There are two channels for ${kind}.`);
    this.channels.set(kind, channel);
  }

  of(kind: 'sms'): NotificationChannel | null {
    return this.channels.get(kind) ?? null;
  }
}
