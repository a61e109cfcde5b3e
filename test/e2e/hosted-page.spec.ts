import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { MPESA_DEMO } from '../fakes/mpesa/options.js';
import { chromiumPath, isTooWide, PHONE, shoot, startBrowser } from '../support/browser.js';
import { PayShop } from '../support/pay-shop.js';

const executable = chromiumPath();
if (!executable) console.log('No Chromium is installed, so that no browser pays: TEST_CHROMIUM names one.');

describe.skipIf(!executable)('a customer with a browser on a phone', () => {
  let shop: PayShop;
  let browser: Browser;

  beforeAll(async () => {
    shop = await PayShop.start();
    await shop.takeMoneyBy('mpesa', 'paystack', 'flutterwave', 'stripe');
    const settings = {
      legalName: 'Savannah Coffee Limited',
      email: 'billing@savannah.example',
      phone: '+254708000000',
      brand: { color: '#0f766e' },
      paymentInstructions: 'Equity Bank, 0123456789\nPay bill 600100, account {number}',
    };
    await shop.tenant.user.patch('/tenants/me', { settings });
    browser = await startBrowser(executable ?? '');
  });

  afterAll(async () => {
    await browser.close();
    await shop.stop();
  });

  describe.each([
    ['with scripts', true],
    ['without scripts', false],
  ] as const)('%s', (kind, javaScriptEnabled) => {
    let context: BrowserContext;
    let page: Page;
    /** What the browser complains of: a policy that was broken, a script that failed. */
    let complaints: string[];

    beforeEach(async () => {
      // The same sum asked of a phone twice within two minutes is refused, as by the real one.
      await shop.fake('mpesa').control.reset();
      context = await browser.newContext({ viewport: PHONE, javaScriptEnabled, locale: 'en-KE' });
      page = await context.newPage();
      complaints = [];
      page.on('console', (message) => {
        // A page of 404 is one to the reader as well; fakes have no icon.
        const isOfNetwork = message.text().startsWith('Failed to load resource');
        if (message.type() === 'error' && !isOfNetwork) complaints.push(message.text());
      });
    });

    afterEach(async () => {
      await context.close();
      if (complaints.length > 0) throw new Error(`The browser complains: ${complaints.join(' ')}`);
    });

    /** Looks at the page as a person does: does it fit, and how does it look. */
    async function look(name: string): Promise<void> {
      await page.setViewportSize(PHONE);
      expect(await isTooWide(page)).toBe(false);
      if (javaScriptEnabled) await shoot(page, name);
      await page.setViewportSize(PHONE);
    }

    async function answerPhone(choice: 'Send' | 'Cancel', pin: string = MPESA_DEMO.pin): Promise<void> {
      const phone = await context.newPage();
      await phone.goto(`${shop.fake('mpesa').url}/phone/${MPESA_DEMO.phone}`);
      await phone.getByLabel(/PIN/).fill(pin);
      await phone.getByRole('button', { name: choice }).click();
      await phone.close();
    }

    async function expectPaidOnce(invoiceId: string, provider: string): Promise<void> {
      const payments = await shop.paymentsOf(invoiceId);
      expect(payments.filter(({ status }) => status === 'succeeded')).toMatchObject([{ provider }]);
      expect(await shop.readInvoice(invoiceId)).toMatchObject({ status: 'paid', amountDue: 0 });
      expect(shop.fake(provider).truth.violations()).toEqual([]);
    }

    it(`pays by M-Pesa, after a wrong number and a wrong PIN (${kind})`, async () => {
      const { id, hostedUrl, number } = await shop.invoice('KES');
      await page.goto(hostedUrl);
      await page.getByText('How would you like to pay?').waitFor();
      await look('invoice-kes');
      await page.getByLabel('Phone number for M-Pesa').fill('12345');
      await page.getByRole('button', { name: 'Pay KSh 2,500.00' }).first().click();
      await page.getByText('Enter a Kenyan mobile number').waitFor();
      await look('wrong-number');

      await page.getByLabel('Phone number for M-Pesa').fill('0708 374 149');
      await page.getByRole('button', { name: 'Pay KSh 2,500.00' }).first().click();
      await page.getByRole('heading', { name: 'Check your phone' }).waitFor();
      await look('on-phone');
      await answerPhone('Send', '0000');
      // Nobody touches the page: it looks by itself.
      await page.getByText('The PIN was not right').waitFor();
      await look('wrong-pin');

      await page.getByRole('link', { name: 'Try again, or pay another way' }).click();
      await page.getByLabel('Phone number for M-Pesa').fill('+254708374149');
      await page.getByRole('button', { name: 'Pay KSh 2,500.00' }).first().click();
      await page.getByRole('heading', { name: 'Check your phone' }).waitFor();
      await answerPhone('Send');
      await page.getByRole('heading', { name: 'Thank you. KSh 2,500.00 were paid.' }).waitFor();
      await look('paid-by-mpesa');
      await page.getByRole('link', { name: 'Receipt' }).click();
      await page.getByText(`Invoice ${number}`).waitFor();
      await look('receipt-mpesa');
      await expectPaidOnce(id, 'mpesa');
    });

    it(`pays on Paystack’s page, and finds it paid after going back (${kind})`, async () => {
      const { id, hostedUrl } = await shop.invoice('NGN');
      await page.goto(hostedUrl);
      await look('invoice-ngn');
      const pay = page.getByRole('button', { name: 'Pay ₦2,500.00' }).first();
      await pay.dblclick();
      await page.getByRole('button', { name: 'Pay NGN 2500.00' }).waitFor();
      expect(page.url()).toContain(shop.fake('paystack').url);

      await page.getByRole('button', { name: 'Go away without paying' }).click();
      await page.getByRole('heading', { name: 'Not paid yet' }).waitFor();
      await look('not-paid-yet');
      await page.getByRole('link', { name: 'Go on at Paystack' }).click();
      await page.getByRole('button', { name: 'Pay NGN 2500.00' }).click();
      await page.getByRole('heading', { name: 'Thank you. ₦2,500.00 were paid.' }).waitFor();
      await page.getByRole('link', { name: 'Receipt' }).click();
      await page.getByText('Paystack').waitFor();
      await look('receipt-paystack');

      await page.goto(hostedUrl);
      await page.getByText(/^Paid on/).waitFor();
      await look('invoice-paid');
      expect(await page.getByRole('button').count()).toBe(0);
      await expectPaidOnce(id, 'paystack');
    });

    it(`reads every state on a small screen (${kind})`, async () => {
      const long = await shop.invoice('NGN', {
        name: 'Wolfeschlegelsteinhausenbergerdorff-and-Sons-Agricultural-Machinery-Import-Export-Limited',
        email: 'accounts.payable.department@wolfeschlegelsteinhausenbergerdorff.example',
      });
      await page.goto(long.hostedUrl);
      await look('long-names');
      const { id, hostedUrl } = await shop.invoice('USD', {});
      await page.goto(hostedUrl);
      await look('asks-for-email');
      await shop.tenant.api.post(`/invoices/${id}/void`);
      await page.goto(hostedUrl);
      await page.getByText('There is nothing to pay').waitFor();
      await look('void');
      await page.goto(`${hostedUrl}x`);
      await page.getByRole('heading', { name: 'There is no such page' }).waitFor();
      await look('no-such-page');
    });
  });
});
