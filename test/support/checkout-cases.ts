import { expectStatus, type Api } from './api.js';
import { type Case, onTwo } from './keyed-cases.js';

/** The POST routes of checkout sessions, each with a request to try a key with. */
export function checkoutCases(api: () => Api): Record<string, () => Promise<Case>> {
  const session = async () => {
    const customer = expectStatus(await api().post('/customers', { name: 'Payer', currency: 'NGN' }), 201);
    return { customerId: customer.id, lines: [{ description: 'Pass', unitAmount: '250000' }] };
  };
  const path = '/checkout-sessions';
  return {
    '/api/checkout-sessions': async () => {
      const body = await session();
      return { first: { path, body }, other: { path, body: { ...body, amount: 100_000 } } };
    },
    '/api/checkout-sessions/{id}/expire': () =>
      onTwo(
        async () => expectStatus(await api().post(path, await session()), 201).id,
        (id) => `${path}/${id}/expire`,
      ),
  };
}
