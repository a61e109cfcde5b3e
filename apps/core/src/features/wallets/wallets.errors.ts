import { defineError } from '../../platform/errors/define-error.js';

export const walletClosed = defineError('wallet_closed', 409, 'The wallet is closed');
export const walletTopUpPending = defineError(
  'wallet_top_up_pending',
  409,
  'A top-up of the wallet is not paid yet',
);
export const walletCreditUsed = defineError(
  'wallet_credit_used',
  409,
  'What the top-up has put into the wallet is used',
);
