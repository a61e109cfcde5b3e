import { randomBytes } from 'node:crypto';

import type { PaymentAccount } from '@nova/prisma-central';
import { z } from 'zod';

import { isProviderName, type ProviderName } from '../../../domain/payments/provider-amounts.js';
import type { KeyRing } from '../../../tenancy/keys/key-ring.js';
import type { Mode } from '../../../tenancy/tenant-context.js';
import { CREDENTIALS_SCHEMAS, type CredentialsOf } from './credentials.js';
import type { AnyOpenAccount } from './provider-clients.js';

const ContentsSchema = z.object({ credentials: z.unknown(), webhookToken: z.string() });

/** What is sealed of an account, in one text: what it is called with, and the token of its webhook address. */
export interface AccountContents {
  readonly credentials: CredentialsOf[ProviderName];
  readonly webhookToken: string;
}

/** What sealed texts of an account are bound to; `SEALED_COLUMNS` says the same in SQL. */
export function accountAad(id: string): string {
  return `payment_account ${id}`;
}

export function sealContents(ring: KeyRing, id: string, contents: AccountContents): Promise<string> {
  return ring.seal(JSON.stringify(contents), accountAad(id));
}

/** @throws SealedTextError when it cannot be opened */
export async function openContents(
  ring: KeyRing,
  { id, provider, credentialsSealed }: Pick<PaymentAccount, 'id' | 'provider' | 'credentialsSealed'>,
): Promise<AccountContents> {
  const { credentials, webhookToken } = ContentsSchema.parse(
    JSON.parse(await ring.open(credentialsSealed, accountAad(id))),
  );
  if (!isProviderName(provider)) throw new Error(`There is no payment provider ${provider}.`);
  return { credentials: CREDENTIALS_SCHEMAS[provider].parse(credentials), webhookToken };
}

/** The account with its credentials in clear. */
export async function openAccount(
  ring: KeyRing,
  row: PaymentAccount & { database: { mode: string } },
  publicUrl: string,
): Promise<AnyOpenAccount> {
  const { credentials, webhookToken } = await openContents(ring, row);
  return {
    id: row.id,
    provider: row.provider,
    mode: row.database.mode as Mode,
    credentials,
    webhookUrl: webhookUrl(publicUrl, row.provider as ProviderName, webhookToken),
  } as AnyOpenAccount;
}

/** A token for a webhook address: 256 bits in hexadecimal, which spells none of the words that Safaricom forbids there. */
export function newWebhookToken(): string {
  return randomBytes(32).toString('hex');
}

/** The address that webhooks of an account come to. Safaricom takes no address with its own names in it. */
export function webhookUrl(publicUrl: string, provider: ProviderName, token: string): string {
  return `${publicUrl}/api/webhooks/${provider === 'mpesa' ? 'daraja' : provider}/${token}`;
}
