import { type Api, expectStatus } from './api.js';
import { type Case, onTwo } from './keyed-cases.js';

/** The POST routes of payment providers, each with a request to try a key with. There is one account a provider. */
export function providerCases(api: () => Api): Record<string, () => Promise<Case>> {
  const stripe = (digits: string) => ({
    provider: 'stripe',
    credentials: { secretKey: `sk_test_${digits}`, webhookSecret: 'whsec_0123456789' },
  });
  const providers = ['paystack', 'flutterwave'] as const;
  const bodies = {
    paystack: { provider: 'paystack', credentials: { secretKey: 'sk_test_0123456789' } },
    flutterwave: {
      provider: 'flutterwave',
      credentials: { secretKey: 'FLWSECK_TEST-0123456789', webhookSecretHash: 'a-secret-hash-of-24-chars' },
    },
  };
  let made = 0;
  const account = async (): Promise<string> => {
    const provider = providers[made++ % 2] ?? 'paystack';
    const there = expectStatus(await api().get(`/payment-providers?provider=${provider}`), 200).data[0];
    return there?.id ?? expectStatus(await api().post('/payment-providers', bodies[provider]), 201).id;
  };
  return {
    '/api/payment-providers': () =>
      Promise.resolve({
        first: { path: '/payment-providers', body: stripe('0123456789') },
        other: { path: '/payment-providers', body: stripe('9876543210') },
      }),
    '/api/payment-providers/{id}/webhook-address': () =>
      onTwo(account, (id) => `/payment-providers/${id}/webhook-address`),
  };
}
