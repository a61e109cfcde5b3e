import type { PaymentAccount } from '@nova/prisma-central';

import { violatedUniqueIndex } from '../../platform/errors/unique-violation.js';
import type { TenantContext } from '../../tenancy/tenant-context.js';
import { recordAudit } from '../audit/record-audit.js';
import { mainSecret } from '../payments/providers/credentials.js';
import {
  newWebhookToken,
  openContents,
  sealContents,
  webhookUrl,
} from '../payments/providers/sealed-account.js';
import { checkCurrencies, checkKeyMode } from './check-credentials.js';
import { paymentProviderExists } from './payment-providers.errors.js';
import type { CreatePaymentProvider } from './payment-providers.schemas.js';
import { callerOf, type ProviderDesk } from './provider-desk.js';

/** An account, and the address that is shown with it. */
export interface AccountWithAddress {
  readonly account: PaymentAccount;
  readonly webhookUrl: string;
}

/**
 * Keeps a tenant's account with a provider, its credentials sealed. Asked again with the same id it answers with what
 * there is.
 * @throws paymentProviderExists, keyOfOtherMode, invalidRequest
 */
export async function createPaymentProvider(
  desk: ProviderDesk,
  ctx: TenantContext,
  { id, input }: { id: string; input: CreatePaymentProvider },
): Promise<AccountWithAddress> {
  checkKeyMode(input.provider, input.credentials, ctx.mode);
  checkCurrencies(input.provider, input.currencies);
  const known = await desk.central.paymentAccount.findUnique({ where: { id } });
  if (known && known.tenantDatabaseId === ctx.databaseId) {
    const { webhookToken } = await openContents(desk.ring, known);
    return { account: known, webhookUrl: webhookUrl(desk.publicUrl, input.provider, webhookToken) };
  }
  const webhookToken = newWebhookToken();
  const credentialsSealed = await sealContents(desk.ring, id, {
    credentials: input.credentials,
    webhookToken,
  });
  const account = await insert(desk, ctx, { id, input, credentialsSealed, webhookToken });
  return { account, webhookUrl: webhookUrl(desk.publicUrl, input.provider, webhookToken) };
}

interface Sealed {
  readonly id: string;
  readonly input: CreatePaymentProvider;
  readonly credentialsSealed: string;
  readonly webhookToken: string;
}

async function insert(
  desk: ProviderDesk,
  ctx: TenantContext,
  { id, input, credentialsSealed, webhookToken }: Sealed,
): Promise<PaymentAccount> {
  const { provider, credentials, name = provider, enabled, currencies, priority } = input;
  const now = desk.clock.now();
  try {
    return await desk.central.$transaction(async (tx) => {
      const account = await tx.paymentAccount.create({
        data: {
          id,
          tenantDatabaseId: ctx.databaseId,
          provider,
          name,
          enabled,
          currencies,
          priority,
          credentialsSealed,
          ...desk.partsOf(mainSecret(provider, credentials)),
          webhookTokenHash: desk.accounts.hashOfToken(webhookToken),
          createdAt: now,
          updatedAt: now,
        },
      });
      await recordAudit(tx, callerOf(ctx), {
        action: 'payment_provider.created',
        target: { type: 'payment_provider', id },
        after: { provider, mode: ctx.mode, name, enabled, currencies, priority, keyLast4: account.hint },
      });
      return account;
    });
  } catch (error) {
    if (violatedUniqueIndex(error) === null) throw error;
    throw paymentProviderExists(`There is an account with ${provider} in ${ctx.mode} mode: change that one.`);
  }
}
