import { isProviderName, type ProviderName } from './provider-amounts.js';

/** How a customer can pay on a provider's page. */
export type PaymentChannel = 'card' | 'bank' | 'bank_transfer' | 'ussd' | 'qr' | 'mobile_money' | 'wallet';

/** What a provider is called before customers, and what it asks of them beside the money. */
export interface ProviderFace {
  readonly label: string;
  /** It pushes the payment to a phone instead of opening a page. */
  readonly needsPhone: boolean;
  /** It opens no page without an address. */
  readonly needsEmail: boolean;
}

type Channels = Readonly<Record<string, readonly PaymentChannel[]>>;

const FACES: Readonly<Record<ProviderName | 'sandbox', ProviderFace>> = {
  paystack: { label: 'Paystack', needsPhone: false, needsEmail: true },
  flutterwave: { label: 'Flutterwave', needsPhone: false, needsEmail: true },
  mpesa: { label: 'M-Pesa', needsPhone: true, needsEmail: false },
  stripe: { label: 'Stripe', needsPhone: false, needsEmail: false },
  sandbox: { label: 'Sandbox', needsPhone: false, needsEmail: false },
};

const MOBILE: readonly PaymentChannel[] = ['mobile_money', 'card'];

/** By currency what is not cards alone. Source: the providers' pages on payment channels by country, as of November 2026. */
const CHANNELS: Readonly<Record<ProviderName | 'sandbox', Channels>> = {
  paystack: {
    NGN: ['card', 'bank_transfer', 'bank', 'ussd', 'qr'],
    GHS: ['card', 'mobile_money'],
    KES: ['card', 'mobile_money'],
    ZAR: ['card', 'bank', 'qr'],
    XOF: ['card', 'mobile_money'],
  },
  flutterwave: {
    NGN: ['card', 'bank_transfer', 'bank', 'ussd'],
    ...Object.fromEntries(
      ['KES', 'GHS', 'UGX', 'RWF', 'ZMW', 'TZS', 'XAF', 'XOF'].map((code) => [code, MOBILE]),
    ),
    EGP: ['card', 'wallet'],
    ZAR: ['card', 'bank'],
  },
  mpesa: { KES: ['mobile_money'] },
  stripe: {},
  sandbox: {},
};

/** What customers see of a provider; null for a name that takes no money by itself. */
export function providerFace(provider: string): ProviderFace | null {
  return isFaced(provider) ? FACES[provider] : null;
}

/** How customers pay with a provider in a currency, the usual way first. */
export function channelsOf(provider: string, currency: string): readonly PaymentChannel[] {
  return isFaced(provider) ? (CHANNELS[provider][currency] ?? ['card']) : [];
}

function isFaced(provider: string): provider is ProviderName | 'sandbox' {
  return provider === 'sandbox' || isProviderName(provider);
}
