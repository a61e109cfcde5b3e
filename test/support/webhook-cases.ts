import { type Api, expectStatus } from './api.js';
import { type Case, onTwo } from './keyed-cases.js';

/** Nobody listens there. */
const NOBODY = { url: 'http://127.0.0.1:9/', eventTypes: ['webhook_endpoint.disabled'] };

/** The POST routes of webhooks, each with a request that may succeed. */
export function webhookCases(api: () => Api): Record<string, () => Promise<Case>> {
  const endpoint = async (): Promise<string> =>
    expectStatus(await api().post('/webhook-endpoints', NOBODY), 201).id;
  const delivery = async (): Promise<string> =>
    expectStatus(await api().post(`/webhook-endpoints/${await endpoint()}/test`, {}), 201).id;
  const from = new Date().toISOString();
  return {
    '/api/webhook-endpoints': () =>
      Promise.resolve({
        first: { path: '/webhook-endpoints', body: NOBODY },
        other: { path: '/webhook-endpoints', body: { ...NOBODY, description: 'Another' } },
      }),
    '/api/webhook-endpoints/{id}/rotate-secret': () =>
      onTwo(endpoint, (id) => `/webhook-endpoints/${id}/rotate-secret`, { overlapSeconds: 60 }),
    '/api/webhook-endpoints/{id}/replay': () =>
      onTwo(endpoint, (id) => `/webhook-endpoints/${id}/replay`, { from }),
    '/api/webhook-endpoints/{id}/test': () => onTwo(endpoint, (id) => `/webhook-endpoints/${id}/test`, {}),
    '/api/webhook-deliveries/{id}/replay': () => onTwo(delivery, (id) => `/webhook-deliveries/${id}/replay`),
  };
}
