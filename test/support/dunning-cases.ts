import { type Api, expectStatus } from './api.js';
import { type Case, onTwo } from './keyed-cases.js';

/** The POST routes of dunning, each with a request to try a key with. */
export function dunningCases(
  api: () => Api,
  openInvoice: () => Promise<string>,
): Record<string, () => Promise<Case>> {
  const quiet = { name: 'Quiet', isDefault: false, steps: [], finalAction: 'uncollectible' };
  const policy = async (): Promise<string> =>
    expectStatus(await api().post('/dunning-policies', quiet), 201).id;
  const dunned = async (): Promise<string> => {
    const id = await openInvoice();
    const body = { policyId: await policy() };
    expectStatus(await api().post(`/invoices/${id}/dunning/start`, body), 200);
    return id;
  };
  return {
    '/api/dunning-policies': () =>
      Promise.resolve({
        first: { path: '/dunning-policies', body: quiet },
        other: { path: '/dunning-policies', body: { ...quiet, name: 'Quieter' } },
      }),
    '/api/invoices/{id}/dunning/start': async () => {
      const body = { policyId: await policy() };
      return onTwo(openInvoice, (id) => `/invoices/${id}/dunning/start`, body);
    },
    '/api/invoices/{id}/dunning/stop': () => onTwo(dunned, (id) => `/invoices/${id}/dunning/stop`),
  };
}
