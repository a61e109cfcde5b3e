import type { ChargeOutcome } from './outcomes.js';

type Declined = Extract<ChargeOutcome, { kind: 'declined' }>;

interface DeclineRule {
  /** What the provider's words are like. */
  readonly said: RegExp;
  readonly code: string;
  /** Whether the same payment method may say yes another day. */
  readonly retryable: boolean;
}

/**
 * What providers that decline in words mean by them; the first rule that fits counts. A card that is lost, stolen or
 * closed is never asked again; a lack of money, a limit or a bank that is away is asked again.
 */
const WORDS: readonly DeclineRule[] = [
  { said: /insufficient|not enough|low balance|no sufficient/i, code: 'insufficient_funds', retryable: true },
  { said: /stolen/i, code: 'stolen_card', retryable: false },
  { said: /lost card|pick.?up/i, code: 'lost_card', retryable: false },
  { said: /expired (card|token)|(card|token)[^.]* expired/i, code: 'expired_card', retryable: false },
  { said: /fraud|suspected/i, code: 'suspected_fraud', retryable: false },
  {
    said: /restricted|blocked|closed|do not try|not permitted|no such|invalid card|invalid account/i,
    code: 'card_not_usable',
    retryable: false,
  },
  { said: /limit/i, code: 'limit_exceeded', retryable: true },
  { said: /incorrect pin|wrong pin|invalid pin/i, code: 'wrong_pin', retryable: true },
  {
    said: /issuer|switch|unavailable|inoperative|system|try again|processing error|timeout|timed out/i,
    code: 'issuer_unavailable',
    retryable: true,
  },
  { said: /cancel/i, code: 'cancelled_by_customer', retryable: true },
];

/** A decline told in words. What no rule knows may be tried another day. */
export function declinedInWords(words: string | null): Declined {
  const message = words ?? 'The charge was declined.';
  const rule = WORDS.find(({ said }) => said.test(message));
  return { kind: 'declined', code: rule?.code ?? 'declined', message, retryable: rule?.retryable ?? true };
}

/**
 * Stripe's decline codes after which a card is not asked again; source: docs.stripe.com/declines/codes. All others, such
 * as insufficient_funds, try_again_later and processing_error, pass.
 */
const STRIPE_FINAL: ReadonlySet<string> = new Set([
  'authentication_required',
  'card_not_supported',
  'currency_not_supported',
  'do_not_honor',
  'expired_card',
  'fraudulent',
  'incorrect_number',
  'invalid_account',
  'invalid_number',
  'lost_card',
  'merchant_blacklist',
  'new_account_information_available',
  'no_action_taken',
  'not_permitted',
  'pickup_card',
  'restricted_card',
  'revocation_of_all_authorizations',
  'revocation_of_authorization',
  'security_violation',
  'service_not_allowed',
  'stolen_card',
  'stop_payment_order',
  'transaction_not_allowed',
]);

/** A decline by Stripe's code; what its advice is not to try again is not, whatever the code. */
export function declinedByStripe(code: string, message: string, advice: string | null): Declined {
  const retryable = !STRIPE_FINAL.has(code) && advice !== 'do_not_try_again';
  return { kind: 'declined', code, message, retryable };
}

/** Result codes of M-Pesa's STK push; source: Daraja 3.0, page on M-Pesa Express. */
const MPESA_RESULTS: Readonly<Record<string, Omit<DeclineRule, 'said'>>> = {
  '1': { code: 'insufficient_funds', retryable: true },
  '2': { code: 'below_minimum', retryable: false },
  '3': { code: 'above_maximum', retryable: false },
  '4': { code: 'limit_exceeded', retryable: true },
  '8': { code: 'till_full', retryable: true },
  '17': { code: 'repeated_too_soon', retryable: true },
  '1001': { code: 'subscriber_busy', retryable: true },
  '1019': { code: 'expired', retryable: true },
  '1025': { code: 'push_not_sent', retryable: true },
  '9999': { code: 'push_not_sent', retryable: true },
  '1032': { code: 'cancelled_by_customer', retryable: true },
  '1037': { code: 'no_response', retryable: true },
  '2001': { code: 'wrong_pin', retryable: true },
  '2028': { code: 'not_permitted', retryable: false },
  '8006': { code: 'credential_locked', retryable: false },
};

/** A decline by M-Pesa's result code. */
export function declinedByMpesa(code: string, message: string | null): Declined {
  const rule = MPESA_RESULTS[code] ?? { code: `mpesa_${code.toLowerCase()}`, retryable: false };
  return { kind: 'declined', ...rule, message: message ?? 'The payment was not made.' };
}
