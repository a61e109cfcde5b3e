import { describe, expect, it } from 'vitest';

import { type ReminderFacts, reminderWords } from './reminder-words.js';

const facts: ReminderFacts = {
  template: 'first_reminder',
  seller: 'Acme',
  number: 'INV-000007',
  amount: '₦15,000.00',
  dueOn: '14 February 2027',
  reason: null,
  chargedAgainOn: null,
  finalAction: 'none',
  finalOn: '7 March 2027',
};

describe('the words of a reminder', () => {
  it('say that an invoice is not paid', () => {
    expect(reminderWords(facts)).toEqual({
      subject: 'Reminder: invoice INV-000007 from Acme',
      heading: 'Reminder',
      paragraphs: [
        'Invoice INV-000007 was due on 14 February 2027 and is not paid yet: ₦15,000.00 are still open.',
      ],
    });
    expect(reminderWords({ ...facts, dueOn: null }).paragraphs).toEqual([
      'Invoice INV-000007 is not paid yet: ₦15,000.00 are still open.',
    ]);
  });

  it('say why a charge did not go through, and when it is made again', () => {
    const declined = { reason: 'The card has expired. Use another one.', chargedAgainOn: '16 February 2027' };
    expect(reminderWords({ ...facts, ...declined })).toEqual({
      subject: 'Your payment to Acme did not go through',
      heading: 'Your payment did not go through',
      paragraphs: [
        'We could not charge ₦15,000.00 for invoice INV-000007. The card has expired. Use another one.',
        'We will try again on 16 February 2027. You can also pay before.',
      ],
    });
  });

  it.each([
    ['cancel', 'If it is not paid by 7 March 2027, your subscription ends.'],
    ['pause', 'If it is not paid by 7 March 2027, your subscription is paused.'],
    ['uncollectible', 'Please pay it by 7 March 2027.'],
    ['none', 'Please pay it by 7 March 2027.'],
  ] as const)('say at last what follows: %s', (finalAction, last) => {
    const words = reminderWords({ ...facts, template: 'final_notice', finalAction });
    expect(words.subject).toBe('Final notice: invoice INV-000007 from Acme');
    expect(words.paragraphs.at(-1)).toBe(last);
  });

  it('count', () => {
    expect(reminderWords({ ...facts, template: 'second_reminder' }).subject).toBe(
      'Second reminder: invoice INV-000007 from Acme',
    );
  });
});
