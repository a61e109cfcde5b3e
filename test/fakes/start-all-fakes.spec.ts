import { expect, it } from 'vitest';

import { httpCall } from '../support/http-call.js';
import { startMerchantInbox } from '../support/merchant-inbox.js';
import { startAllFakes } from './start-all-fakes.js';

it('starts every fake for a developer, with a page of their keys and of where their webhooks go', async () => {
  const inbox = await startMerchantInbox();
  const fakes = await startAllFakes(async () => inbox.url);
  try {
    expect(Object.keys(fakes.environment)).toEqual([
      'PAYSTACK_URL',
      'FLUTTERWAVE_URL',
      'MPESA_URL',
      'MPESA_SANDBOX_URL',
      'STRIPE_URL',
    ]);
    expect((await httpCall(fakes.url)).text).toContain('Fake payment providers');
    const shown = (await httpCall(`${fakes.url}/fakes.json`)).at() as {
      name: string;
      keys: Record<string, string>;
    }[];
    const stripe = shown.find(({ name }) => name === 'Stripe');
    const authorization = `Bearer ${stripe?.keys['testKey'] ?? ''}`;
    const newCustomer = () =>
      httpCall(`${fakes.environment['STRIPE_URL'] ?? ''}/v1/customers`, {
        form: {},
        headers: { authorization },
      });
    await newCustomer();
    await expect.poll(() => inbox.received.map(({ path }) => path)).toEqual(['/api/webhooks/stripe']);
    await httpCall(`${fakes.url}/Stripe/webhook-url`, { form: { url: `${inbox.url}/mine` } });
    await newCustomer();
    await expect.poll(() => inbox.received.at(-1)?.path).toBe('/mine');
  } finally {
    await fakes.stop();
    await inbox.stop();
  }
});
