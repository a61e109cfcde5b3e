import type { FeatureKind } from '../../domain/entitlements/entitlement.js';
import type { QuotaReset } from '../../domain/entitlements/quota-window.js';

interface PlatformFeature {
  readonly name: string;
  readonly kind: FeatureKind;
  readonly unit: string;
  readonly reset: QuotaReset | null;
}

/** What the platform's plans say about a tenant, by the code that the platform itself asks for. */
export const PLATFORM_FEATURES = {
  api_rate: { name: 'API rate', kind: 'limit', unit: 'times the base rate', reset: null },
  members: { name: 'Members', kind: 'limit', unit: 'member', reset: null },
  invites_per_month: { name: 'Invitations', kind: 'quota', unit: 'invitation', reset: 'month' },
  sms_credits: { name: 'SMS credits', kind: 'quota', unit: 'message', reset: 'month' },
  assistant_prompts_per_day: { name: 'Assistant prompts', kind: 'quota', unit: 'prompt', reset: 'day' },
} as const satisfies Record<string, PlatformFeature>;
export type PlatformFeatureCode = keyof typeof PLATFORM_FEATURES;
export const PLATFORM_FEATURE_CODES = Object.keys(PLATFORM_FEATURES) as PlatformFeatureCode[];

export interface PlatformPlan {
  readonly name: string;
  readonly description: string;
  /** Minor units a month. */
  readonly prices: Readonly<Record<PlatformCurrency, string>>;
  /** Null is without limit. */
  readonly grants: Readonly<Record<PlatformFeatureCode, string | null>>;
}

/** The currencies that tenants can pay the platform in; a tenant of another one pays in the first. */
export const PLATFORM_CURRENCIES = ['USD', 'NGN', 'KES'] as const;
export type PlatformCurrency = (typeof PLATFORM_CURRENCIES)[number];

/** Days that a tenant has to pay an invoice of the platform. */
export const NET_TERMS_DAYS = 14;

/** What a tenant has from its registration on, and one of which nothing else is known. */
export const STARTER = 'starter';

/**
 * The plans of a new platform, by their external ids. They are the operator's from then on: what he changes in the
 * platform tenant's catalog stays as he has it.
 */
export const PLATFORM_PLANS = {
  [STARTER]: {
    name: 'Starter',
    description: 'To build with, and for a first few customers.',
    prices: { USD: '0', NGN: '0', KES: '0' },
    grants: {
      api_rate: '1',
      members: '5',
      invites_per_month: '20',
      sms_credits: '50',
      assistant_prompts_per_day: '20',
    },
  },
  growth: {
    name: 'Growth',
    description: 'For a company that bills every day.',
    prices: { USD: '4900', NGN: '7500000', KES: '650000' },
    grants: {
      api_rate: '3',
      members: '25',
      invites_per_month: '200',
      sms_credits: '1000',
      assistant_prompts_per_day: '200',
    },
  },
  pro: {
    name: 'Pro',
    description: 'For many teams and much traffic.',
    prices: { USD: '19900', NGN: '30000000', KES: '2600000' },
    grants: {
      api_rate: '10',
      members: null,
      invites_per_month: '2000',
      sms_credits: '10000',
      assistant_prompts_per_day: '2000',
    },
  },
} as const satisfies Record<string, PlatformPlan>;

/** The currency a tenant pays the platform in. */
export function platformCurrencyOf(tenantCurrency: string): PlatformCurrency {
  return PLATFORM_CURRENCIES.find((currency) => currency === tenantCurrency) ?? PLATFORM_CURRENCIES[0];
}
