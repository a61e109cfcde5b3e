import { describe, expect, it } from 'vitest';

import { sampleDocument } from '../../invoices/document/sample-document.js';
import { composeReminder, type Reminder } from './compose-reminder.js';

const reminder: Reminder = {
  template: 'first_reminder',
  reason: 'The card has expired. Use another one.',
  chargedAgainAt: new Date('2027-02-16T00:00:00Z'),
  finalAction: 'cancel',
  finalAt: new Date('2027-03-07T00:00:00Z'),
};

const document = {
  ...sampleDocument(),
  number: 'INV-000007',
  currency: 'NGN',
  timeZone: 'UTC',
  amountDue: 1_500_000n,
  buyer: { name: 'Ngozi <b>Ltd</b>', email: 'n@b.example', phone: null, taxId: null, address: null },
  seller: { name: 'Acme & Sons', email: 'billing@acme.example', phone: null, taxId: null, address: null },
  howToPay: 'Please pay.',
  paymentLink: 'https://pay.example/i/1?a=1&b=2',
};

describe('composeReminder', () => {
  it('says what is due and why, and where to pay it', () => {
    const { subject, text, html } = composeReminder(document, reminder);
    expect(subject).toBe('Your payment to Acme & Sons did not go through');
    expect(text).toBe(
      [
        'Your payment did not go through',
        '',
        'Hello Ngozi <b>Ltd</b>,',
        '',
        'We could not charge ₦15,000.00 for invoice INV-000007. The card has expired. Use another one.',
        '',
        'We will try again on 16 February 2027. You can also pay before.',
        '',
        'Amount due: ₦15,000.00',
        'Pay here: https://pay.example/i/1?a=1&b=2',
        '',
        'Please pay.',
        '',
        'The invoice is attached as a PDF. If you have paid it meanwhile, thank you: there is nothing left to do. Questions? Write to billing@acme.example.',
        '',
        'Acme & Sons',
        '',
      ].join('\n'),
    );
    expect(html).toContain('href="https://pay.example/i/1?a&#x3D;1&amp;b&#x3D;2"');
  });

  it('escapes what customers and tenants wrote', () => {
    const { html } = composeReminder(document, reminder);
    expect(html).not.toContain('<b>');
    expect(html).toContain('Acme &amp; Sons');
  });

  it('leaves out what there is not', () => {
    const { text, html } = composeReminder({ ...document, paymentLink: null, howToPay: null }, reminder);
    expect(text).not.toContain('Pay here');
    expect(html).not.toContain('<a ');
  });
});
