/**
 * What customers are told of a charge that was declined. Of a card that is reported lost or stolen, or suspected of fraud,
 * no more is said than that it was declined: it may be the thief who reads.
 */
const WORDS: ReadonlyMap<string, string> = new Map([
  ['insufficient_funds', 'there was not enough money in the account'],
  ['expired_card', 'the card has expired'],
  ['limit_exceeded', 'a limit of the card or the account was reached'],
  ['wrong_pin', 'the PIN was not right'],
  ['issuer_unavailable', 'the bank could not be reached'],
  ['processing_error', 'the bank could not be reached'],
  ['cancelled_by_customer', 'the payment was cancelled'],
  ['no_response', 'the payment was not confirmed on the phone'],
  ['expired', 'the payment was not confirmed in time'],
  ['action_not_taken', 'the payment was not confirmed in time'],
  ['authentication_required', 'the bank asks you to confirm the payment yourself'],
  ['card_not_supported', 'the card cannot be used for this payment'],
  ['currency_not_supported', 'the card cannot be used for this currency'],
]);

/** Why a payment did not go through, to stand after "because"; null where there is nothing to say. */
export function declineInWords(failureCode: string | null): string | null {
  return failureCode === null ? null : (WORDS.get(failureCode) ?? 'the bank declined it');
}
