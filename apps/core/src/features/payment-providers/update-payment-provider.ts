import type { PaymentAccount, Prisma } from '@nova/prisma-central';

import type { ProviderName } from '../../domain/payments/provider-amounts.js';
import { invalidRequest } from '../../platform/errors/common-errors.js';
import { checkVersion, type ExpectedVersions } from '../../platform/http/if-match.js';
import type { TenantContext } from '../../tenancy/tenant-context.js';
import { recordAudit } from '../audit/record-audit.js';
import { announceAccount } from '../payments/providers/announce-account.js';
import { CREDENTIALS_SCHEMAS, mainSecret } from '../payments/providers/credentials.js';
import {
  accountAad,
  newWebhookToken,
  openContents,
  sealContents,
  webhookUrl,
} from '../payments/providers/sealed-account.js';
import { webhookKeyOf } from '../payments/providers/webhook-parsers.js';
import { checkCurrencies, checkKeyMode } from './check-credentials.js';
import type { AccountWithAddress } from './create-payment-provider.js';
import type { UpdatePaymentProvider } from './payment-providers.schemas.js';
import { callerOf, type ProviderDesk } from './provider-desk.js';

/**
 * Changes an account. New credentials take the place of the old ones at once; what the old ones prove webhooks with is
 * kept beside them for the overlap.
 * @throws notFound, preconditionFailed, keyOfOtherMode, invalidRequest
 */
export async function updatePaymentProvider(
  desk: ProviderDesk,
  ctx: TenantContext,
  { id, expected }: { id: string; expected: ExpectedVersions },
  input: UpdatePaymentProvider,
): Promise<PaymentAccount> {
  return desk.central.$transaction(async (tx) => {
    const row = await desk.lock(ctx, id, tx);
    checkVersion(expected, row.version);
    const { credentials, keepOldKeyHours, ...settings } = input;
    if (settings.currencies) checkCurrencies(row.provider as ProviderName, settings.currencies);
    const changes =
      credentials === undefined ? {} : await replaceKeys(desk, ctx, row, { credentials, keepOldKeyHours });
    const data: Prisma.PaymentAccountUpdateInput = { ...definedOf(settings), ...changes };
    const changed = await tx.paymentAccount.update({
      where: { id },
      data: { ...data, version: { increment: 1 }, updatedAt: desk.clock.now() },
    });
    await announceAccount(tx, row);
    await recordAudit(tx, callerOf(ctx), {
      action: 'payment_provider.updated',
      target: { type: 'payment_provider', id },
      before: shownOf(row),
      after: shownOf(changed),
    });
    return changed;
  });
}

async function replaceKeys(
  desk: ProviderDesk,
  ctx: TenantContext,
  row: PaymentAccount,
  { credentials, keepOldKeyHours }: { credentials: unknown; keepOldKeyHours: number },
): Promise<Prisma.PaymentAccountUpdateInput> {
  const provider = row.provider as ProviderName;
  const parsed = CREDENTIALS_SCHEMAS[provider].safeParse(credentials);
  if (!parsed.success) {
    const message = `are not those of ${provider}`;
    throw invalidRequest(`The credentials ${message}.`, {
      errors: [{ pointer: '/credentials', code: 'invalid_format', message }],
    });
  }
  checkKeyMode(provider, parsed.data, ctx.mode);
  const { credentials: old, webhookToken } = await openContents(desk.ring, row);
  const oldKey = webhookKeyOf(provider, old);
  const isKept = oldKey !== null && oldKey !== webhookKeyOf(provider, parsed.data) && keepOldKeyHours > 0;
  return {
    credentialsSealed: await sealContents(desk.ring, row.id, { credentials: parsed.data, webhookToken }),
    ...desk.partsOf(mainSecret(provider, parsed.data)),
    ...(isKept
      ? {
          previousKeySealed: await desk.ring.seal(oldKey, accountAad(row.id)),
          previousKeyUntil: new Date(desk.clock.now().getTime() + keepOldKeyHours * 3_600_000),
        }
      : {}),
    accessTokenSealed: null,
    accessTokenUntil: null,
  };
}

/** Gives an account a new webhook address; the old one is none any more. @throws notFound */
export async function rollWebhookAddress(
  desk: ProviderDesk,
  ctx: TenantContext,
  id: string,
): Promise<AccountWithAddress> {
  return desk.central.$transaction(async (tx) => {
    const row = await desk.lock(ctx, id, tx);
    const { credentials } = await openContents(desk.ring, row);
    const webhookToken = newWebhookToken();
    const account = await tx.paymentAccount.update({
      where: { id },
      data: {
        credentialsSealed: await sealContents(desk.ring, id, { credentials, webhookToken }),
        webhookTokenHash: desk.accounts.hashOfToken(webhookToken),
        version: { increment: 1 },
        updatedAt: desk.clock.now(),
      },
    });
    await announceAccount(tx, row);
    await recordAudit(tx, callerOf(ctx), {
      action: 'payment_provider.address_rolled',
      target: { type: 'payment_provider', id },
    });
    return { account, webhookUrl: webhookUrl(desk.publicUrl, row.provider as ProviderName, webhookToken) };
  });
}

/**
 * Takes an account away, with its credentials. Payments that were made with it stay on record, and cannot be asked after
 * or refunded by it any more.
 * @throws notFound
 */
export async function deletePaymentProvider(
  desk: ProviderDesk,
  ctx: TenantContext,
  id: string,
): Promise<void> {
  await desk.central.$transaction(async (tx) => {
    const row = await desk.lock(ctx, id, tx);
    await tx.paymentAccount.delete({ where: { id } });
    await announceAccount(tx, row);
    await recordAudit(tx, callerOf(ctx), {
      action: 'payment_provider.deleted',
      target: { type: 'payment_provider', id },
      before: shownOf(row),
    });
  });
}

/** What the audit log tells of an account: no secret. */
function shownOf({ provider, name, enabled, currencies, priority, hint, fingerprint }: PaymentAccount) {
  return { provider, name, enabled, currencies, priority, keyLast4: hint, keyFingerprint: fingerprint };
}

function definedOf<T extends object>(input: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(input).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]: Exclude<T[K], undefined>;
  };
}
