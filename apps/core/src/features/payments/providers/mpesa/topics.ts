/**
 * What follows an account's token in the addresses that M-Pesa calls. Orders have a second one each, with `-timeout`. None
 * has a word in it that Safaricom forbids in addresses.
 */
export const MPESA_TOPICS = {
  push: 'stk',
  reversal: 'reversal',
  payout: 'b2c',
  confirmation: 'c2b',
  validation: 'c2b-validation',
  pull: 'pull',
} as const;
