import type { Customer } from '@nova/prisma-tenant';

import { invalidRequest } from '../../platform/errors/common-errors.js';
import type { SavedMethod } from '../payments/providers/outcomes.js';
import type { AttachPaymentMethod } from './payment-methods.schemas.js';

/**
 * A payment method that a provider knows from before, for example from the system that a tenant comes from. Paystack and
 * Flutterwave charge a token with the address that it was made with alone, and Stripe with its customer.
 * @throws invalidRequest
 */
export function importedMethod(
  { provider, token, email, providerCustomerId, label, kind }: AttachPaymentMethod,
  customer: Pick<Customer, 'email'>,
): SavedMethod {
  const needsEmail = provider === 'paystack' || provider === 'flutterwave';
  const address = email ?? (needsEmail ? customer.email : null);
  if (needsEmail && address === null)
    throw missing('/email', 'is needed: the address that the method was saved with');
  if (provider === 'stripe' && providerCustomerId === undefined)
    throw missing('/providerCustomerId', 'is needed: the customer at Stripe whose method it is');
  return {
    token,
    kind: kind ?? 'card',
    label: label ?? `Saved at ${provider}`,
    fingerprint: null,
    email: address,
    providerCustomerId: providerCustomerId ?? null,
  };
}

function missing(pointer: string, message: string) {
  return invalidRequest('The provider charges no saved method without that.', {
    errors: [{ pointer, code: 'required', message }],
  });
}
