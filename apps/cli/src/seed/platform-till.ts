import type { INestApplicationContext } from '@nestjs/common';

import { platformOf } from '../environment/platform-of.js';
import type { Fake } from './read-fakes.js';

/**
 * Lets the platform of a developer's machine take payments by the fake Stripe and the fake Paystack, so that Pro can be
 * bought on it. What is there already is left alone.
 */
export async function seedTill(app: INestApplicationContext, fakes: readonly Fake[]): Promise<void> {
  const { CreatePaymentProviderSchema } =
    await import('@nova/core/features/payment-providers/payment-providers.schemas.js');
  const { ProviderDesk } = await import('@nova/core/features/payment-providers/provider-desk.js');
  const { addPlatformProvider } =
    await import('@nova/core/features/platform-billing/add-platform-provider.js');
  const { BY_ITSELF } = await import('@nova/core/features/platform-billing/platform-tenant.js');
  const deps = await platformOf(app);
  const desk = app.get(ProviderDesk, { strict: false });
  const known = await deps.platform.inBooks(BY_ITSELF, (books) => desk.accounts.usable(books.databaseId));
  if (known.length > 0) return;
  for (const account of fakes.flatMap(accountOf)) {
    await addPlatformProvider(deps, desk, CreatePaymentProviderSchema.parse(account));
  }
}

/** The platform's books are of live mode, and so are the keys. */
function accountOf({ provider, keys }: Fake): object[] {
  if (provider === 'stripe') {
    const credentials = { secretKey: keys['liveKey'], webhookSecret: keys['webhookSecret'] };
    return [{ provider, currencies: ['USD'], credentials }];
  }
  if (provider === 'paystack') {
    return [{ provider, currencies: ['NGN', 'KES'], credentials: { secretKey: keys['liveSecretKey'] } }];
  }
  return [];
}
