import type { INestApplicationContext } from '@nestjs/common';
import type { Config } from '@nova/core/platform/config/config.schema.js';

import { platformOf } from '../environment/platform-of.js';
import { type Fake, readFakes } from './read-fakes.js';

/**
 * Lets the platform of a developer's machine take payments by the fake Stripe and the fake Paystack, so that Pro can be
 * bought on it. What is there already is left alone, and so are providers that are not the fakes.
 */
export async function seedTill(app: INestApplicationContext, fakesUrl: string): Promise<void> {
  const { CONFIG } = await import('@nova/core/platform/config/config.module.js');
  const { CreatePaymentProviderSchema } =
    await import('@nova/core/features/payment-providers/payment-providers.schemas.js');
  const { ProviderDesk } = await import('@nova/core/features/payment-providers/provider-desk.js');
  const { addPlatformProvider } =
    await import('@nova/core/features/platform-billing/add-platform-provider.js');
  const { BY_ITSELF } = await import('@nova/core/features/platform-billing/platform-tenant.js');
  const deps = await platformOf(app);
  const desk = app.get(ProviderDesk, { strict: false });
  const { providerUrls } = app.get<Config>(CONFIG, { strict: false });
  const known = await deps.platform.inBooks(BY_ITSELF, (books) => desk.accounts.usable(books.databaseId));
  if (known.length > 0) return;
  for (const fake of await readFakes(fakesUrl, { ...providerUrls })) {
    const account = accountOf(fake);
    if (account) await addPlatformProvider(deps, desk, CreatePaymentProviderSchema.parse(account));
  }
}

function accountOf({ provider, keys }: Fake): object | null {
  switch (provider) {
    case 'stripe': {
      const credentials = { secretKey: keys['liveKey'], webhookSecret: keys['webhookSecret'] };
      return { provider: 'stripe', currencies: ['USD'], credentials };
    }
    case 'paystack':
      return {
        provider: 'paystack',
        currencies: ['NGN', 'KES'],
        credentials: { secretKey: keys['liveSecretKey'] },
      };
    default:
      return null;
  }
}
