import { describe, expect, it } from 'vitest';

import { declineInWords } from './decline-words.js';

describe('what customers are told of a decline', () => {
  it.each([
    ['insufficient_funds', 'there was not enough money in the account'],
    ['expired_card', 'the card has expired'],
    ['a_code_of_tomorrow', 'the bank declined it'],
    [null, null],
  ])('of %s is %s', (code, words) => {
    expect(declineInWords(code)).toBe(words);
  });

  it.each(['stolen_card', 'lost_card', 'suspected_fraud', 'pickup_card'])(
    'of %s gives nothing away',
    (code) => {
      expect(declineInWords(code)).toBe('the bank declined it');
    },
  );
});
