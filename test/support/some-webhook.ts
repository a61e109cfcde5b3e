import { createHmac, randomUUID } from 'node:crypto';

import { type Api, expectStatus } from './api.js';
import { type Case, onTwo } from './keyed-cases.js';

const SECRET = 'sk_test_0123456789';

/** Sends a webhook of Paystack's, of which nothing has to be done; answers with its id in the log. */
export async function sendSomeWebhook(
  api: Api,
  { webhookUrl, secretKey }: { webhookUrl: string; secretKey: string },
): Promise<string> {
  const body = JSON.stringify({ event: 'customeridentification.success', data: { id: randomUUID() } });
  const signature = createHmac('sha512', secretKey).update(body).digest('hex');
  const response = await fetch(webhookUrl.replace(/^https?:\/\/[^/]+/, api.url), {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-paystack-signature': signature },
    body,
  });
  if (response.status !== 200) throw new Error(`The webhook was answered by ${response.status}.`);
  return expectStatus(await api.get('/provider-webhooks?limit=1'), 200).data[0].id;
}

/** The POST routes of the log, each with a request to try a key with. */
export function providerWebhookCases(api: () => Api): Record<string, () => Promise<Case>> {
  const webhook = async (): Promise<string> => {
    const [known] = expectStatus(await api().get('/payment-providers?provider=paystack'), 200).data;
    const body = { provider: 'paystack', credentials: { secretKey: SECRET } };
    const { id } = known ?? expectStatus(await api().post('/payment-providers', body), 201);
    const rolled = expectStatus(await api().post(`/payment-providers/${id}/webhook-address`), 200);
    return sendSomeWebhook(api(), { webhookUrl: rolled.webhookUrl, secretKey: SECRET });
  };
  return {
    '/api/provider-webhooks/{id}/process': () => onTwo(webhook, (id) => `/provider-webhooks/${id}/process`),
  };
}
