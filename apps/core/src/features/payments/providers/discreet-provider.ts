import type { PaymentProvider } from './payment-provider.js';
import type { AnyOpenAccount } from './provider-clients.js';

/** What is shorter is no secret, and would be found in ordinary words. */
const SECRET_LENGTH_MIN = 8;

/**
 * The same provider, in whose messages nothing is repeated of what it was given in confidence: keys, tokens and phone
 * numbers. Providers put into their refusals what they refuse, and refusals are kept, logged and shown.
 */
export function discreetProvider(
  provider: PaymentProvider,
  { credentials }: AnyOpenAccount,
): PaymentProvider {
  const own = textsIn(credentials);
  const tell = async <T extends object>(outcome: Promise<T>, ...given: (string | null)[]): Promise<T> =>
    without(await outcome, [...own, ...given.filter((text) => text !== null)]);
  const { createCustomer, detach, registerWebhooks, portal } = provider;
  return {
    ...provider,
    createCheckout: (ctx, checkout) => tell(provider.createCheckout(ctx, checkout), checkout.phone),
    chargeSaved: (ctx, charge) => tell(provider.chargeSaved(ctx, charge), charge.token),
    verify: (ctx, query) => tell(provider.verify(ctx, query)),
    refund: (ctx, order) => tell(provider.refund(ctx, order), order.payment.payer),
    verifyRefund: (ctx, order) => tell(provider.verifyRefund(ctx, order)),
    reconcile: (ctx, window) => tell(provider.reconcile(ctx, window)),
    check: (ctx) => tell(provider.check(ctx)),
    ...(createCustomer && {
      createCustomer: (ctx, customer) => tell(createCustomer(ctx, customer), customer.phone),
    }),
    ...(detach && { detach: (ctx, method) => tell(detach(ctx, method), method.token) }),
    ...(registerWebhooks && { registerWebhooks: (ctx) => tell(registerWebhooks(ctx)) }),
    ...(portal && { portal: (ctx, visit) => tell(portal(ctx, visit)) }),
  };
}

function without<T extends object>(outcome: T, secrets: readonly string[]): T {
  if (!('message' in outcome) || typeof outcome.message !== 'string') return outcome;
  let { message } = outcome;
  for (const secret of secrets) {
    if (secret.length >= SECRET_LENGTH_MIN) message = message.replaceAll(secret, '[redacted]');
  }
  return { ...outcome, message };
}

function textsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsIn) : [];
}
