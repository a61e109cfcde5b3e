/** Why a payment was not made, for whoever made it: what happened, and what can be done. */
const WORDS: Readonly<Record<string, string>> = {
  insufficient_funds: 'There was not enough money on the account. Top it up, or pay another way.',
  wrong_pin: 'The PIN was not right. Nothing was taken. Try again with the right one.',
  cancelled_by_customer: 'The payment was cancelled on the phone or on the payment page. Nothing was taken.',
  no_response:
    'There was no answer from the phone. Have it switched on and within reach of the network, and try again.',
  expired: 'The request expired before it was answered. Try again, and answer it on the phone soon.',
  subscriber_busy: 'The phone was busy with another request. Wait a minute, and try again.',
  repeated_too_soon: 'The same sum was asked of this phone a moment ago. Wait two minutes, and try again.',
  push_not_sent: 'The request did not reach the phone. Try again.',
  limit_exceeded: 'The payment is over a limit of the account. Pay another way, or try again tomorrow.',
  credential_locked: 'The account is locked. Ask the company that it is with, or pay another way.',
  phone_missing: 'This phone number cannot be asked. Check it, and try again.',
  email_missing: 'An e-mail address is needed for this way to pay.',
  expired_card: 'The card has expired. Use another one.',
  lost_card: 'The card cannot be used. Use another one.',
  stolen_card: 'The card cannot be used. Use another one.',
  card_not_usable: 'The card cannot be used for this. Use another one.',
  suspected_fraud: 'The bank refused the payment. Ask your bank, or pay another way.',
  issuer_unavailable: 'The bank could not be reached. Try again in a few minutes.',
  authentication_required: 'The bank wanted the payment confirmed, and it was not. Try again and confirm it.',
  action_not_taken: 'The payment was not finished on the payment page. Nothing was taken.',
  superseded: 'This payment was ended because another way to pay was chosen.',
  verification_timeout: 'The payment never arrived at the payment company. Nothing was taken. Try again.',
  amount_differs: 'Another amount arrived than was asked for. It is being looked into; it is not lost.',
  currency_differs: 'Another currency arrived than was asked for. It is being looked into; it is not lost.',
  provider_not_configured: 'This way to pay is not ready. Pay another way.',
  currency_not_supported: 'This way to pay does not take this currency. Pay another way.',
};

const MONEY_CAME: ReadonlySet<string> = new Set(['amount_differs', 'currency_differs']);

/** What the payer reads of a payment that failed with a code. */
export function failureWords(code: string | null): string {
  return WORDS[code ?? ''] ?? 'The payment was declined. Nothing was taken. Try again, or pay another way.';
}

/** Whether money was taken although the attempt failed: then nobody is asked to pay at once again. */
export function isMoneyHeld(code: string | null): boolean {
  return MONEY_CAME.has(code ?? '');
}
