// The same on other servers: what is said to providers and to browsers.
import { announce } from '@nova/core/tenancy/central/changes.js';
import { CentralDatabase } from '@nova/core/tenancy/central/central-database.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { MPESA_DEMO } from '../fakes/mpesa/options.js';
import { expectStatus } from '../support/api.js';
import { eventually } from '../support/eventually.js';
import { Payer, type SeenPage } from '../support/payer.js';
import { benchOf, openInvoice, PayShop } from '../support/pay-shop.js';

let shop: PayShop;
const payer = new Payer();

beforeAll(async () => {
  shop = await PayShop.start({ RATE_LIMIT_PAGE_PAYMENT_LINK: '8/3600' });
  await shop.takeMoneyBy('paystack', 'flutterwave', 'stripe', 'mpesa');
});

afterAll(() => shop.stop());

const captured = (provider: string, reference: string) =>
  shop.fake(provider).truth.net(benchOf(provider).truthName(reference)) * benchOf(provider).minorPerUnit;

/** Reads a payment's page until it says this. */
async function untilItSays(url: string, words: string): Promise<SeenPage> {
  await expect.poll(async () => (await payer.open(url)).text).toContain(words);
  return payer.open(url);
}

describe('the page of an invoice', () => {
  it('shows what is due, to whom, for what and how it is paid, and nothing of it to machines', async () => {
    const invoice = await shop.invoice('NGN');
    const page = await payer.open(invoice.hostedUrl);
    expect(page.status).toBe(200);
    for (const text of [
      'Savannah Coffee',
      'Asha Wanjiru',
      invoice.number,
      '₦2,500.00',
      'Roasted beans, 5 kg',
    ]) {
      expect(page.text).toContain(text);
    }
    expect(page.text).toContain('Test mode – no real money');
    for (const provider of ['Paystack', 'Flutterwave', 'Stripe']) expect(page.text).toContain(provider);
    expect(page.text).not.toContain('M-Pesa');
    expect(Object.fromEntries(page.headers)).toMatchObject({
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-store',
      'referrer-policy': 'no-referrer',
      'x-robots-tag': 'noindex, nofollow',
    });
    const policy = page.headers.get('content-security-policy') ?? '';
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).toContain(`form-action 'self' ${shop.fake('paystack').url}`);
    expect(policy).not.toContain('unsafe');
    expect(Buffer.byteLength(page.markup)).toBeLessThan(100 * 1_024);
    const pdf = await fetch(`${invoice.hostedUrl}/invoice.pdf?utm_source=mail`);
    expect(
      Buffer.from(await pdf.arrayBuffer())
        .subarray(0, 5)
        .toString(),
    ).toBe('%PDF-');
  });

  it('is told with invoices that a customer is to see, and in the e-mail that brings one', async () => {
    const { id, hostedUrl, number } = await shop.invoice('NGN', { email: 'sees@acme.example' });
    expect(hostedUrl).toMatch(new RegExp(`^${shop.nova.url}/pay/[\\w-]+$`));
    await shop.nova.settle();
    const mail = shop.nova.mail.list().find(({ recipients }) => recipients.includes('sees@acme.example'));
    expect(mail?.text).toContain(hostedUrl);
    const listed = expectStatus(await shop.tenant.api.get(`/invoices?number=${number}`), 200);
    expect(listed.data[0].hostedUrl).toBe(hostedUrl);
    const voided = expectStatus(await shop.tenant.api.post(`/invoices/${id}/void`), 200);
    expect(voided.hostedUrl).toBeNull();
    const page = await payer.open(hostedUrl);
    expect(page.status).toBe(410);
    expect(page.text).toContain('There is nothing to pay');
  });

  it('escapes what people have written', async () => {
    const name = `<script>alert(1)</script>"'`;
    const { hostedUrl } = await shop.invoice('NGN', { name });
    const { markup } = await payer.open(hostedUrl);
    expect(markup).not.toContain('<script>alert');
    expect(markup).toContain('&lt;script&gt;alert(1)&lt;/script&gt;&quot;&#39;');
  });

  it('shows the payments of its own invoice alone', async () => {
    const [one, two] = [await shop.invoice('NGN'), await shop.invoice('NGN')];
    await payer.send(one.hostedUrl, { provider: 'paystack' });
    const [{ id }] = await shop.paymentsOf(one.id);
    expect((await payer.open(`${one.hostedUrl}/payments/${id}`)).status).toBe(200);
    expect((await payer.open(`${two.hostedUrl}/payments/${id}`)).status).toBe(404);
    expect((await payer.open(`${one.hostedUrl}/receipt/${id}`)).status).toBe(404);
  });

  it('is a clear page also where there is none', async () => {
    const { hostedUrl } = await shop.invoice('NGN');
    const forged = `${hostedUrl.slice(0, -3)}${hostedUrl.endsWith('aaa') ? 'bbb' : 'aaa'}`;
    for (const url of [
      forged,
      `${shop.nova.url}/pay/x`,
      `${hostedUrl}/payments/pay_x`,
      `${hostedUrl}/receipt/x`,
    ]) {
      const page = await payer.open(url);
      expect(page.status).toBe(404);
      expect(page.text).toContain('There is no such page');
      expect(page.headers.get('content-security-policy')).toContain("default-src 'none'");
    }
  });
});

const BY_PAGE = [
  ['paystack', 'pay', 'decline'],
  ['flutterwave', 'pay', 'cancel'],
  ['stripe', 'card', 'leave'],
] as const;

describe.each(BY_PAGE)('paying on the page of %s', (provider, pay, refuse) => {
  it('brings one back to a receipt, and charges once however often it is sent', async () => {
    const { id, hostedUrl } = await shop.invoice('NGN');
    const checkouts = await Promise.all([1, 2].map(() => payer.send(hostedUrl, { provider })));
    const checkout = await payer.send(hostedUrl, { provider });
    expect(new URL(checkout.url).origin).toBe(shop.fake(provider).url);
    const waiting = checkouts.filter(({ url }) => url !== checkout.url);
    for (const { url } of waiting) expect(url).toContain(hostedUrl);

    const paid = await payer.press(checkout, pay);
    expect(paid.url).toContain(`${hostedUrl}/payments/pay_`);
    const page = await untilItSays(paid.url, 'Thank you. ₦2,500.00 were paid.');
    expect(page.markup).not.toContain('http-equiv="refresh"');
    const payments = await shop.paymentsOf(id);
    expect(payments).toMatchObject([{ status: 'succeeded', provider, amount: 250_000 }]);
    expect(captured(provider, payments[0].reference)).toBe(250_000n);
    expect(await shop.readInvoice(id)).toMatchObject({ status: 'paid', amountDue: 0 });

    const receipt = await payer.open(`${hostedUrl}/receipt/${payments[0].id}`);
    for (const text of ['₦2,500.00', 'Savannah Coffee', 'Asha Wanjiru', payments[0].reference]) {
      expect(receipt.text).toContain(text);
    }
    // Going back and sending the form again shows that it is paid.
    const again = await payer.send(hostedUrl, { provider });
    expect(again).toMatchObject({ status: 200, url: hostedUrl });
    expect(again.text).toContain('Paid on');
    expect(await shop.paymentsOf(id)).toHaveLength(1);
  });

  it('lets one try again or pay another way after it was not paid', async () => {
    const { id, hostedUrl } = await shop.invoice('NGN');
    const back = await payer.press(await payer.send(hostedUrl, { provider }), refuse);
    expect(back.text).toMatch(/was not made|Not paid yet/);
    const other = provider === 'paystack' ? 'flutterwave' : 'paystack';
    const checkout = await payer.send(hostedUrl, { provider: other });
    expect(new URL(checkout.url).origin).toBe(shop.fake(other).url);
    const paid = await payer.press(checkout, 'pay');
    await untilItSays(paid.url, 'Thank you');
    const payments = await shop.paymentsOf(id);
    expect(new Set(payments.map(({ status }) => status))).toEqual(new Set(['failed', 'succeeded']));
  });
});

it('says honestly that it does not know while a provider does not answer', async () => {
  const { id, hostedUrl } = await shop.invoice('NGN');
  shop.fake('paystack').control.script({
    match: { method: 'POST', path: '/transaction/initialize' },
    do: { drop: 'before' },
  });
  const page = await payer.send(hostedUrl, { provider: 'paystack' });
  expect(page).toMatchObject({ status: 200 });
  expect(page.text).toContain('Sending the payment to Paystack');
  expect((await payer.open(hostedUrl)).text).toContain('A payment of this invoice is under way');
  expect(await shop.paymentsOf(id)).toMatchObject([{ status: 'created' }]);
});

describe('paying by M-Pesa', () => {
  const answer = (verb: string) =>
    payer.send(`${shop.fake('mpesa').url}/phone/${MPESA_DEMO.phone}/answer`, { verb, pin: MPESA_DEMO.pin });

  it('asks for a number that can be asked, and keeps what was typed', async () => {
    const { id, hostedUrl } = await shop.invoice('KES');
    const page = await payer.send(hostedUrl, { provider: 'mpesa', phone: '+1 202 555 0100' });
    expect(page.status).toBe(422);
    expect(page.text).toContain('Enter a Kenyan mobile number');
    expect(page.markup).toContain('value="+1 202 555 0100"');
    expect(await shop.paymentsOf(id)).toEqual([]);
  });

  it('asks the phone, waits, and says when it was paid', async () => {
    const { id, hostedUrl } = await shop.invoice('KES');
    const sent = { provider: 'mpesa', phone: '0708 374 149' };
    const waiting = await payer.send(hostedUrl, sent);
    expect(waiting.text).toContain('Check your phone');
    expect(waiting.markup).toContain('http-equiv="refresh"');
    // Sent twice, or come back to later, it is the same request on the phone.
    expect((await payer.send(hostedUrl, sent)).url).toBe(waiting.url);
    const invoicePage = await payer.open(hostedUrl);
    expect(invoicePage.text).toContain('A payment of this invoice is under way');
    expect(invoicePage.markup).not.toContain('<form');

    await answer('approve');
    await untilItSays(waiting.url, 'Thank you. KSh 2,500.00 were paid.');
    const payments = await shop.paymentsOf(id);
    expect(payments).toHaveLength(1);
    expect(captured('mpesa', payments[0].reference)).toBe(250_000n);
    expect(await shop.readInvoice(id)).toMatchObject({ status: 'paid' });
  });

  it('says why it was not paid, and lets one try again', async () => {
    const { hostedUrl } = await shop.invoice('KES');
    const waiting = await payer.send(hostedUrl, { provider: 'mpesa', phone: '254708374149' });
    await answer('cancel');
    const page = await untilItSays(waiting.url, 'was not made');
    expect(page.text).toContain('The payment was cancelled');
    expect((await payer.open(hostedUrl)).markup).toContain('<form');
  });
});

describe('a checkout session', () => {
  const begin = async (changes: object = {}) => {
    const { id } = await shop.invoice('NGN');
    const session = {
      invoiceId: id,
      successUrl: 'https://shop.example/thanks',
      cancelUrl: 'https://shop.example/basket',
      ...changes,
    };
    return expectStatus(await shop.tenant.api.post('/checkout-sessions', session), 201);
  };

  it('is paid on its page, which leads back to the shop', async () => {
    const { id, url } = await begin({ amount: 100_000 });
    const page = await payer.open(url);
    expect(page.text).toContain('Pay ₦1,000.00');
    expect(page.markup).toContain('href="https://shop.example/basket"');
    const paid = await payer.press(await payer.send(url, { provider: 'paystack' }), 'pay');
    const thanks = await untilItSays(paid.url, 'Thank you. ₦1,000.00 were paid.');
    expect(thanks.markup).toContain('href="https://shop.example/thanks"');
    expect(expectStatus(await shop.tenant.api.get(`/checkout-sessions/${id}`), 200).status).toBe('complete');
    const after = await payer.open(url);
    expect(after.markup).not.toContain('<form');
    expect(after.markup).toContain('href="https://shop.example/thanks"');
  });

  it('says when it has expired', async () => {
    const { id, url } = await begin();
    expectStatus(await shop.tenant.api.post(`/checkout-sessions/${id}/expire`), 200);
    const page = await payer.open(url);
    expect(page.status).toBe(410);
    expect(page.text).toContain('has expired');
    expect((await payer.send(url, { provider: 'paystack' })).status).toBe(410);
  });
});

describe('a tenant without providers', () => {
  it('pays by the sandbox in test mode, as the payer chooses', async () => {
    const other = await shop.nova.tenant();
    const make = () => openInvoice(other.api, { currency: 'ETB', customer: {} });
    const { id, hostedUrl } = await make();
    const sandbox = await payer.send(hostedUrl, { provider: 'sandbox' });
    expect(sandbox.text).toContain('Choose how the payment ends');
    const declined = await payer.send(sandbox.url, { outcome: 'decline' });
    expect(declined.text).toContain('was not made');
    const second = await payer.send(hostedUrl, { provider: 'sandbox' });
    const paid = await payer.send(second.url, { outcome: 'succeed' });
    expect(paid.text).toContain('Thank you');
    expect(expectStatus(await other.api.get(`/invoices/${id}`), 200).status).toBe('paid');
    const bad = await payer.send(second.url, { outcome: 'steal' });
    expect(bad.status).toBe(400);
  });

  it('tells in live mode how it is paid instead', async () => {
    const other = await shop.nova.tenant();
    const settings = { paymentInstructions: 'Wema Bank 0123456789, quote {number}' };
    expectStatus(await other.user.patch('/tenants/me', { settings }), 200);
    const key = expectStatus(
      await other.user.post('/tenants/me/api-keys', { name: 'Live', mode: 'live' }),
      201,
    ).key;
    const invoice = await openInvoice(shop.nova.as(key), { currency: 'NGN', customer: {} });
    const page = await payer.open(invoice.hostedUrl);
    expect(page.text).toContain('cannot be paid online');
    expect(page.text).toContain(`Wema Bank 0123456789, quote ${invoice.number}`);
    expect(page.text).not.toContain('Test mode');
    const refused = await payer.send(invoice.hostedUrl, { provider: 'sandbox' });
    expect(refused.status).toBe(422);
  });

  it('whose account is suspended says that it cannot be paid now', async () => {
    const other = await shop.nova.tenant();
    const { hostedUrl } = await openInvoice(other.api, { currency: 'NGN', customer: {} });
    await shop.nova.app.get(CentralDatabase, { strict: false }).db.$transaction(async (tx) => {
      await tx.tenant.update({ where: { id: other.tenantId }, data: { status: 'suspended' } });
      await announce(tx, { kind: 'tenant', tenantId: other.tenantId });
    });
    await eventually(async () => expect((await payer.open(hostedUrl)).status).toBe(403));
    expect((await payer.open(hostedUrl)).text).toContain('cannot be seen or paid at the moment');
  });
});

describe('the form of a page', () => {
  it('is taken from our pages alone', async () => {
    const { id, hostedUrl } = await shop.invoice('NGN');
    const form = { provider: 'paystack' };
    for (const headers of [{ 'sec-fetch-site': 'cross-site' }, { 'sec-fetch-site': 'same-site' }]) {
      const page = await payer.send(hostedUrl, form, headers);
      expect(page.status).toBe(403);
      expect(page.text).toContain('not sent from our page');
    }
    const old = await fetch(hostedUrl, {
      method: 'POST',
      headers: { origin: 'https://evil.example' },
      body: new URLSearchParams(form),
    });
    expect(old.status).toBe(403);
    expect(await shop.paymentsOf(id)).toEqual([]);
  });

  it('is small, of known fields, each sent once', async () => {
    const { hostedUrl } = await shop.invoice('NGN');
    const long = await payer.send(hostedUrl, { provider: 'paystack', phone: '7'.repeat(5_000) });
    expect(long.status).toBe(413);
    expect(long.text).toContain('could not be read');
    expect((await payer.send(hostedUrl, { provider: 'paystack', amount: '1' })).status).toBe(400);
    const twice = await fetch(hostedUrl, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: 'provider=paystack&provider=stripe',
    });
    expect(twice.status).toBe(400);
  });

  it('is no form of the API', async () => {
    const response = await fetch(`${shop.nova.url}/api/customers`, {
      method: 'POST',
      headers: { authorization: `Bearer ${shop.tenant.testKey}` },
      body: new URLSearchParams({ name: 'x' }),
    });
    expect(response.status).toBe(415);
  });

  it('is counted by its page, so that nobody has a phone ring all day', async () => {
    const { hostedUrl } = await shop.invoice('KES');
    const statuses: number[] = [];
    for (let n = 0; n < 9; n++) {
      statuses.push((await payer.send(hostedUrl, { provider: 'mpesa', phone: 'none' })).status);
    }
    expect(statuses).toEqual([...Array.from({ length: 8 }, () => 422), 429]);
    expect((await payer.open(hostedUrl)).status).toBe(200);
  });
});
