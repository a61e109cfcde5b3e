import type { Payment } from '@nova/prisma-tenant';

import type { Config } from '../../platform/config/config.schema.js';
import { checkoutOrigins } from './checkout-origins.js';

/**
 * Where the payer of an attempt goes: to the provider's page where there is one, else to the payment's own. A page at an
 * origin that no form of ours may lead to is reached by a link from there: a provider may give merchants an address of
 * their own.
 */
export function pageAfter(
  { id, status, provider, actionUrl }: Payment,
  path: string,
  { publicUrl, providerUrls }: Pick<Config, 'publicUrl' | 'providerUrls'>,
): string {
  const own = `${path}/payments/${id}`;
  const isOpen = status === 'created' || status === 'pending';
  if (!isOpen || actionUrl === null) return own;
  // A page of this site, by whichever of its names the payer has come.
  if (actionUrl.startsWith(`${publicUrl}/`)) return actionUrl.slice(publicUrl.length);
  return checkoutOrigins([provider], providerUrls).includes(new URL(actionUrl).origin) ? actionUrl : own;
}
