import { newId } from '@nova/core/platform/ids/new-id.js';
import { createPaymentProvider } from '@nova/core/features/payment-providers/create-payment-provider.js';
import { CreatePaymentProviderSchema } from '@nova/core/features/payment-providers/payment-providers.schemas.js';
import { ProviderDesk } from '@nova/core/features/payment-providers/provider-desk.js';
import { BY_ITSELF, PlatformTenant } from '@nova/core/features/platform-billing/platform-tenant.js';

import { expectStatus } from './api.js';
import type { Case } from './keyed-cases.js';
import type { Nova } from './nova.js';

const ACCOUNT = CreatePaymentProviderSchema.parse({
  provider: 'paystack',
  currencies: ['KES'],
  credentials: { secretKey: 'sk_live_0123456789' },
});

/** Lets the platform take payments in shillings, in its own books; nothing is sent to the provider. */
export async function openTill(nova: Nova): Promise<void> {
  const desk = nova.app.get(ProviderDesk, { strict: false });
  await nova.app.get(PlatformTenant, { strict: false }).inBooks(BY_ITSELF, async (books) => {
    const open = await desk.accounts.usable(books.databaseId);
    if (open.length > 0) return;
    await createPaymentProvider(desk, books, { id: newId('ppa'), input: ACCOUNT });
  });
}

/** The POST routes by which tenants pay the platform, each with a request to try a key with. */
export function tillCases(nova: () => Nova): Record<string, () => Promise<Case>> {
  return {
    '/api/billing/checkout': async () => {
      await openTill(nova());
      const path = '/billing/checkout';
      return {
        first: { path, body: { plan: 'growth', currency: 'KES' } },
        other: { path, body: { plan: 'pro', currency: 'KES' } },
        by: (await nova().tenant()).user,
      };
    },
    '/api/billing/cancel': async () => {
      const { user: by } = await nova().tenant({ currency: 'USD' });
      // In dollars the platform takes no payment here: the plan begins at once.
      expectStatus(await by.post('/billing/subscription', { plan: 'growth' }), 200);
      const path = '/billing/cancel';
      return { first: { path }, other: { path, body: { reason: 'We build our own.' } }, by };
    },
  };
}
