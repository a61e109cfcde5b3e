import type { PaymentMethod } from '@nova/prisma-tenant';

import { invalidRequest } from '../../platform/errors/common-errors.js';
import { newId } from '../../platform/ids/new-id.js';
import type { TenantContext, TenantTransaction } from '../../tenancy/tenant-context.js';
import { SANDBOX_TOKENS } from '../payments/providers/sandbox-tokens.js';
import { providerNotConfigured } from './payment-methods.errors.js';
import { recordChange } from '../events/record-change.js';
import { toPaymentMethodWire } from './payment-method-wire.js';

export interface NewPaymentMethod {
  readonly customerId: string;
  readonly token: string;
  /** Where the caller wrote the token, for problems with it. */
  readonly pointer: string;
  readonly isDefault: boolean;
}

/**
 * Writes a payment method of the sandbox's for a customer whose row this transaction holds or has made. Live mode does
 * not take its cards.
 * @throws providerNotConfigured, invalidRequest
 */
export async function insertPaymentMethod(
  ctx: TenantContext,
  tx: TenantTransaction,
  input: NewPaymentMethod,
): Promise<PaymentMethod> {
  const { customerId, token, pointer, isDefault } = input;
  if (ctx.mode === 'live') {
    throw providerNotConfigured('The sandbox is for test mode: name the provider that the token is of.', {
      errors: [{ pointer, code: providerNotConfigured.code, message: 'is none of a provider in live mode' }],
    });
  }
  const known = SANDBOX_TOKENS.get(token);
  if (!known) {
    throw invalidRequest('The token is none of the sandbox’s.', {
      errors: [
        {
          pointer,
          code: 'unknown_token',
          message: `must be one of ${[...SANDBOX_TOKENS.keys()].join(', ')}`,
        },
      ],
    });
  }
  const { kind, label } = known;
  const method = await tx.db.paymentMethod.create({
    data: {
      id: newId('pm'),
      customerId,
      provider: 'sandbox',
      token,
      kind,
      label,
      isDefault,
      createdAt: ctx.clock.now(),
    },
  });
  await recordChange(tx, ctx, 'payment_method.attached', toPaymentMethodWire(method));
  return method;
}
