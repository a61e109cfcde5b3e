import {
  amountRule,
  currenciesOf,
  type AmountRule,
  type ProviderName,
} from '../../../domain/payments/provider-amounts.js';
import type { ProviderCapabilities } from './payment-provider.js';

function rulesOf(provider: ProviderName): ReadonlyMap<string, AmountRule> {
  return new Map(
    currenciesOf(provider).flatMap((currency) => {
      const rule = amountRule(provider, currency);
      return rule ? [[currency, rule] as const] : [];
    }),
  );
}

/** What each provider can do, as far as the platform asks for it. */
export const CAPABILITIES: Readonly<Record<ProviderName, ProviderCapabilities>> = {
  paystack: {
    modes: ['test', 'live'],
    currencies: rulesOf('paystack'),
    // A reference is charged once; a second charge with it is answered with duplicate_reference.
    repeatsSafely: true,
    partialRefunds: true,
    unattendedCharges: 'yes',
    portal: false,
    webhookProof: 'signature',
    // There is no event for a charge that failed.
    events: ['payment.succeeded', 'refund.updated', 'dispute.updated', 'method.updated'],
  },
  flutterwave: {
    modes: ['test', 'live'],
    currencies: rulesOf('flutterwave'),
    repeatsSafely: false,
    partialRefunds: true,
    unattendedCharges: 'approval',
    portal: false,
    webhookProof: 'shared_secret',
    events: ['payment.succeeded', 'payment.failed', 'payment.pending', 'refund.updated'],
  },
  mpesa: {
    modes: ['test', 'live'],
    currencies: rulesOf('mpesa'),
    repeatsSafely: false,
    // By a B2C payment, for accounts that may make them.
    partialRefunds: true,
    unattendedCharges: 'no',
    portal: false,
    webhookProof: 'none',
    events: ['payment.succeeded', 'payment.failed', 'refund.updated'],
  },
  stripe: {
    modes: ['test', 'live'],
    currencies: rulesOf('stripe'),
    repeatsSafely: true,
    partialRefunds: true,
    unattendedCharges: 'yes',
    portal: true,
    webhookProof: 'signature',
    events: [
      'payment.succeeded',
      'payment.failed',
      'payment.pending',
      'refund.updated',
      'dispute.updated',
      'method.updated',
    ],
  },
};
