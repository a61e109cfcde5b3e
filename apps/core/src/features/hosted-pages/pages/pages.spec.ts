import { describe, expect, it } from 'vitest';

import { sampleDocument, sampleLine } from '../../invoices/document/sample-document.js';
import { invoicePage, type InvoicePageView } from './invoice-page.js';
import { messagePage } from './message-page.js';
import { paymentPage, type PaymentPageView, type PaymentState } from './payment-page.js';
import { receiptPage } from './receipt-page.js';
import { sandboxPage } from './sandbox-page.js';
import { type Page, type PageOwner, renderPage } from './shell.js';
import type { WayToPay } from './ways-to-pay.js';

const PAGE_BYTES_MAX = 100 * 1_024;
const ATTACK = `"><script>alert(1)</script><img src=x onerror=alert(2)>'`;

const owner = (changes: Partial<PageOwner> = {}): PageOwner => ({
  name: 'Savannah Coffee',
  color: '#0f766e',
  logo: null,
  email: 'billing@savannah.example',
  phone: '+2348031234567',
  ...changes,
});

const paystack: WayToPay = {
  provider: 'paystack',
  label: 'Paystack',
  channels: ['card', 'bank', 'ussd'],
  needsPhone: false,
  asksEmail: true,
  saves: 'ask',
};
const mpesa: WayToPay = {
  ...paystack,
  provider: 'mpesa',
  label: 'M-Pesa',
  channels: ['mobile_money'],
  needsPhone: true,
  asksEmail: false,
  saves: 'never',
};

const invoice = (changes: Partial<InvoicePageView> = {}): InvoicePageView => ({
  document: sampleDocument(),
  owner: owner(),
  isTest: false,
  isOverdue: false,
  pdfHref: '/pay/t/invoice.pdf',
  pay: {
    action: '/pay/t',
    amount: '₦87,146.00',
    seller: 'Savannah Coffee',
    ways: [paystack, mpesa],
    instructions: 'Wema Bank\n0123456789',
    refused: null,
  },
  underWay: null,
  chargedByItself: null,
  receipts: [],
  back: null,
  ...changes,
});

const payment = (state: PaymentState, changes: Partial<PaymentPageView> = {}): PaymentPageView => ({
  owner: owner(),
  isTest: false,
  state,
  number: 'INV-000014',
  amount: 'KSh 1,500.00',
  provider: 'M-Pesa',
  failureCode: null,
  actionUrl: null,
  invoiceHref: '/pay/t',
  receiptHref: '/pay/t/receipt/pay_1',
  onward: null,
  ageSeconds: 3,
  ...changes,
});

const render = (page: Page) => renderPage(page, { nonce: 'n0nce' });

describe('the page of an invoice', () => {
  it('says what is due to whom, and how it can be paid', () => {
    const page = render(invoicePage(invoice()));
    for (const text of ['₦87,146.00', 'INV-000014', 'Savannah Coffee', 'Growth plan', 'Wema Bank']) {
      expect(page).toContain(text);
    }
    expect(page).toContain('Card, bank account or USSD <span class="by">Paystack</span>');
    expect(page).toMatch(/<html lang="en"\s*>/);
    expect(page).not.toContain('Test mode');
    expect(render(invoicePage(invoice({ isTest: true })))).toContain('Test mode – no real money');
  });

  it('labels every field, and keeps what was typed into a wrong one', () => {
    const refused = { provider: 'mpesa', field: 'phone', message: 'Enter a number.', typed: '12"3' } as const;
    const page = render(invoicePage(invoice({ pay: { ...payOf(), refused } })));
    const fields = [...page.matchAll(/<input[^>]*type="(?:tel|email)"[^>]*>/g)].map(([field]) => field);
    expect(fields).toHaveLength(2);
    for (const field of fields) {
      const id = /id="([^"]+)"/.exec(field)?.[1];
      expect(page).toContain(`<label for="${id}">`);
    }
    expect(page).toContain('value="12&quot;3"');
    expect(page).toContain('aria-invalid="true"');
    expect(page).toContain('Enter a number.');
  });

  it('offers nothing on what is paid or void, and says why', () => {
    const paid = render(invoicePage(invoice({ document: sampleDocument({ status: 'paid' }), pay: null })));
    expect(paid).toContain('Paid on 2 February 2026');
    expect(paid).not.toContain('<form');
    const gone = render(invoicePage(invoice({ document: sampleDocument({ status: 'void' }), pay: null })));
    expect(gone).toContain('There is nothing to pay');
  });

  it('says so when there is no way to pay online', () => {
    const pay = { ...payOf(), ways: [], instructions: null };
    expect(render(invoicePage(invoice({ pay })))).toContain('cannot be paid online');
  });

  it('stays small with many and with long lines, and tells how much it leaves out', () => {
    const line = (length: number) => sampleLine({ description: '&'.repeat(length), unitAmount: '1000' });
    for (const length of [40, 500]) {
      const lines = Array.from({ length: 200 }, () => line(length));
      const memo = '"'.repeat(2_000);
      const document = sampleDocument({ lines, memo, footer: memo });
      const logo = `data:image/png;base64,${'A'.repeat(24_000)}`;
      const page = render(invoicePage(invoice({ document, owner: owner({ logo }) })));
      expect(Buffer.byteLength(page)).toBeLessThanOrEqual(PAGE_BYTES_MAX);
      const shown = page.split(/<li>\s*<div>\s*<p>/).length - 1;
      const rest = Number(/(\d+) more, listed in the PDF/.exec(page)?.[1] ?? 0);
      expect(shown + rest).toBe(200);
    }
  });
});

describe('the page of a payment', () => {
  it('waits and looks again, with and without scripts', () => {
    const page = render(paymentPage(payment('on_phone')));
    expect(page).toContain('data-state="on_phone"');
    expect(page).toMatch(/<noscript>\s*<meta http-equiv="refresh" content="4"/);
    expect(page).toContain('Enter your M-Pesa PIN');
    expect(page).not.toContain('No request on the phone?');
    const late = render(paymentPage(payment('on_phone', { ageSeconds: 200 })));
    expect(late).toContain('No request on the phone?');
    expect(late).toContain('content="15"');
  });

  it.each([
    ['insufficient_funds', 'not enough money'],
    ['wrong_pin', 'PIN was not right'],
    ['cancelled_by_customer', 'was cancelled'],
    ['never_heard_of', 'was declined'],
  ])('says in plain words that it failed by %s, and lets one try again', (failureCode, words) => {
    const page = render(paymentPage(payment('failed', { failureCode })));
    expect(page).toContain(words);
    expect(page).toContain('Try again');
    expect(page).not.toContain('http-equiv="refresh"');
  });

  it('asks nobody to pay again whose money came as another sum', () => {
    const page = render(paymentPage(payment('failed', { failureCode: 'amount_differs' })));
    expect(page).toContain('it is not lost');
    expect(page).not.toContain('Try again');
  });

  it('does not have one pay twice while a provider does not answer, nor wait for ever', () => {
    const asking = (ageSeconds: number) => render(paymentPage(payment('asking', { ageSeconds })));
    expect(asking(5)).toContain('This takes a few seconds');
    expect(asking(60)).toMatch(/Please\s+do not pay a second time/);
    expect(asking(60)).not.toContain('Begin again');
    expect(asking(200)).toContain('Begin again, or pay another way');
  });

  it('leads on, and to nothing that runs', () => {
    const page = render(
      paymentPage(payment('succeeded', { onward: 'javascript:alert(1)', actionUrl: 'data:text/html,x' })),
    );
    expect(page).not.toContain('javascript:');
    expect(render(paymentPage(payment('at_provider', { actionUrl: 'data:text/html,x' })))).not.toContain(
      'data:text',
    );
    expect(page).toContain('/pay/t/receipt/pay_1');
  });
});

describe('every page', () => {
  const attacked = owner({ name: ATTACK, email: ATTACK, phone: ATTACK, color: ATTACK });
  const party = { name: ATTACK, email: ATTACK, phone: ATTACK, taxId: ATTACK, address: { line1: ATTACK } };
  const document = sampleDocument({
    number: ATTACK,
    seller: party,
    buyer: party,
    memo: ATTACK,
    footer: ATTACK,
    purchaseOrder: ATTACK,
    notices: [ATTACK],
    lines: [sampleLine({ description: ATTACK, unit: ATTACK, tax: ATTACK })],
    discounts: [{ label: ATTACK, amount: 1n }],
    taxes: [{ name: ATTACK, rate: '7.5', base: 1n, amount: 1n, reason: null }],
  });
  const refused = { provider: 'mpesa', field: 'phone', message: ATTACK, typed: ATTACK } as const;
  const pay = { ...payOf(), seller: ATTACK, instructions: ATTACK, refused };
  const pages: Page[] = [
    invoicePage(invoice({ document, owner: attacked, pay, back: { href: ATTACK, text: ATTACK } })),
    ...(['asking', 'on_phone', 'at_provider', 'pending', 'succeeded', 'failed'] as const).map((state) =>
      paymentPage(payment(state, { owner: attacked, number: ATTACK, failureCode: ATTACK, onward: ATTACK })),
    ),
    receiptPage({
      owner: attacked,
      isTest: true,
      number: ATTACK,
      buyer: ATTACK,
      amount: ATTACK,
      refunded: ATTACK,
      paidOn: ATTACK,
      provider: ATTACK,
      receipt: ATTACK,
      reference: ATTACK,
      invoiceHref: '/pay/t',
    }),
    sandboxPage({ owner: attacked, amount: ATTACK, action: '/pay/sandbox/x', reference: ATTACK }),
    messagePage({ heading: ATTACK, text: ATTACK, links: [{ href: ATTACK, text: ATTACK }] }),
  ];

  it.each(pages.map((page, at) => [at, page] as const))('escapes what others wrote (%i)', (_, page) => {
    const sent = render(page);
    expect(sent).not.toContain('<script>alert');
    expect(sent).not.toContain('<img src=x');
    expect(sent.split('<script').length - 1).toBe(1);
    expect(sent).toContain('&lt;script&gt;');
  });

  it.each(pages.map((page, at) => [at, page] as const))('loads nothing from anywhere (%i)', (_, page) => {
    const sent = render(page);
    expect(sent).not.toMatch(/(?:src|href)="(?:https?:)?\/\//);
    expect(sent).not.toMatch(/url\(|@import/);
    expect(sent).not.toMatch(/\sstyle="|\son\w+="/);
    expect(Buffer.byteLength(sent)).toBeLessThanOrEqual(PAGE_BYTES_MAX);
  });
});

function payOf() {
  const { pay } = invoice();
  if (!pay) throw new Error('The invoice can be paid.');
  return pay;
}
