import type { INestApplicationContext } from '@nestjs/common';
import type { Config } from '@nova/core/platform/config/config.schema.js';
import { z } from 'zod';

import { platformOf } from '../environment/platform-of.js';

const FakesSchema = z.array(
  z.object({ name: z.string(), url: z.string(), keys: z.record(z.string(), z.string()) }),
);
type Fake = z.infer<typeof FakesSchema>[number];

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
  const answer = await fetch(`${fakesUrl}/fakes.json`);
  for (const fake of FakesSchema.parse(await answer.json())) {
    const account = accountOf(fake);
    const isFake = Object.values(providerUrls).some((url) => url.startsWith(fake.url));
    if (account && isFake) await addPlatformProvider(deps, desk, CreatePaymentProviderSchema.parse(account));
  }
}

function accountOf({ name, keys }: Fake): object | null {
  switch (name) {
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
