import { Inject, Injectable } from '@nestjs/common';
import type { Logger } from 'pino';

import type { ProviderName } from '../../domain/payments/provider-amounts.js';
import { systemClock } from '../../platform/clock/clock.js';
import { notFound } from '../../platform/errors/common-errors.js';
import type { ProblemError } from '../../platform/errors/define-error.js';
import { LOGGER } from '../../platform/log/log.module.js';
import { databaseOfReference } from '../payments/payment-reference.js';
import type { WebhookAccount } from '../payments/providers/provider-accounts.js';
import type { ParsedWebhook, WebhookHeaders } from '../payments/providers/webhook-events.js';
import { WEBHOOK_PARSERS } from '../payments/providers/webhook-parsers.js';
import { referencesIn } from '../payments/providers/webhook-references.js';
import { rowsOf } from './new-webhook.js';
import { webhookForged, webhookTenantUnknown } from './provider-webhooks.errors.js';
import { WebhookAccounts } from './webhook-accounts.js';
import { WebhookIntake } from './webhook-intake.js';
import { providerWebhooks } from './webhook-metrics.js';

/** A webhook as it came over the wire. */
export interface IncomingWebhook {
  readonly provider: ProviderName;
  readonly rawBody: Buffer;
  readonly headers: WebhookHeaders;
  /** The address of whoever sent it. */
  readonly from: string;
  /** What follows the token in the address, where callbacks are told apart by that. */
  readonly topic?: string;
  /** What the address says of the attempt that it is about. */
  readonly attempt?: string;
}

/** Takes the webhooks of payment providers: whose are they, are they genuine, and kept before they are answered. */
@Injectable()
export class WebhookReceiver {
  constructor(
    private readonly accounts: WebhookAccounts,
    private readonly intake: WebhookIntake,
    @Inject(LOGGER) private readonly log: Logger,
  ) {}

  /**
   * Whose address this is.
   * @throws notFound
   */
  async accountAt(provider: ProviderName, token: string): Promise<WebhookAccount> {
    const account = await this.accounts.ofToken(provider, token);
    if (account) return account;
    providerWebhooks.inc({ provider, result: 'unknown_address' });
    throw notFound('No account has this webhook address.');
  }

  /**
   * Keeps a webhook that came to an account's own address.
   * @throws webhookForged, unavailable and what else keeps the tenant's database from being written to
   */
  async receive(account: WebhookAccount, webhook: IncomingWebhook): Promise<void> {
    const parsed = this.prove(account, webhook);
    if (parsed) return this.keep(account, webhook, parsed);
    const { tenantId, id: accountId } = account;
    throw this.refuse(webhook, { tenantId, accountId });
  }

  /**
   * Keeps a webhook that came to an address which all tenants share: whose it is, is what our reference in it says, and it
   * has to be proved by a secret of that tenant's. Nothing tells whether a tenant has an account.
   * @throws webhookTenantUnknown, webhookForged and as `receive`
   */
  async receiveShared(webhook: IncomingWebhook): Promise<void> {
    const { provider, rawBody } = webhook;
    const databases = referencesIn(provider, rawBody).map((reference) => databaseOfReference(reference));
    const named = new Set(databases.filter((id) => id !== null));
    if (named.size === 0) {
      providerWebhooks.inc({ provider, result: 'unknown_address' });
      throw webhookTenantUnknown(
        'It names no reference of ours. Have the provider send to the account’s own address, which `POST /payment-providers` answers with.',
      );
    }
    for (const databaseId of named) {
      const account = await this.accounts.ofDatabase(provider, databaseId);
      const parsed = account && this.prove(account, webhook);
      if (account && parsed) return this.keep(account, webhook, parsed);
    }
    throw this.refuse(webhook, {});
  }

  private async keep(
    account: WebhookAccount,
    webhook: IncomingWebhook,
    parsed: ParsedWebhook,
  ): Promise<void> {
    const { provider } = webhook;
    const rows = rowsOf({ ...webhook, parsed });
    try {
      await this.intake.keep(account, rows);
    } catch (error) {
      providerWebhooks.inc({ provider, result: 'not_kept' });
      throw error;
    }
    for (const { status } of rows) {
      const result = parsed.kind === 'unreadable' ? 'unreadable' : status === 'received' ? 'kept' : 'ignored';
      providerWebhooks.inc({ provider, result });
    }
  }

  private refuse({ provider, from }: IncomingWebhook, fields: object): ProblemError {
    providerWebhooks.inc({ provider, result: 'forged' });
    this.log.warn({ ...fields, provider, ip: from }, 'A webhook that nothing proves was refused.');
    return webhookForged('Nothing proves that it is from the provider.');
  }

  /** What it says; null when no secret of the account's fits. */
  private prove(
    { provider, mode, webhookKeys }: WebhookAccount,
    { rawBody, headers, topic }: IncomingWebhook,
  ): ParsedWebhook | null {
    const receivedAt = systemClock.now();
    const good = webhookKeys.filter(({ until }) => until === null || until > receivedAt);
    const keys = good.map(({ key }) => key);
    const secrets = { keys, mode, receivedAt, ...(topic === undefined ? {} : { topic }) };
    const parsed = WEBHOOK_PARSERS[provider](rawBody, headers, secrets);
    return parsed.kind === 'forged' ? null : parsed;
  }
}
