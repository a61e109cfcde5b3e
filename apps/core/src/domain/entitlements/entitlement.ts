import type { Period } from '../calendar/periods.js';
import { Decimal } from '../money/decimal.js';
import type { QuotaReset } from './quota-window.js';

/** A switch is on or off, a limit is an amount that may be had at once, a quota one that is used up and starts anew. */
export type FeatureKind = 'switch' | 'limit' | 'quota';

/** What a plan that a subscription has grants of a feature. */
export interface Grant {
  readonly enabled: boolean;
  /** Of a limit or quota; null is without limit. */
  readonly amount: Decimal | null;
  /** Of a quota. */
  readonly reset: QuotaReset | null;
  /** How often the subscription has the plan: amounts count that many times. */
  readonly times: Decimal;
  /** The subscription's present period, which a quota by billing period goes by. */
  readonly period: Period;
}

/** What one customer has of a feature, whatever the plans say. */
export interface GrantOverride {
  readonly enabled: boolean;
  readonly amount: Decimal | null;
}

/** What a customer has of a feature. */
export interface Entitlement {
  readonly enabled: boolean;
  /** Null is without limit, and of a switch always so; 0 where it is not enabled. */
  readonly limit: Decimal | null;
  /** Of a quota, else null. */
  readonly reset: QuotaReset | null;
  /** The period of the subscription whose plan was first to grant it; null when none does. */
  readonly period: Period | null;
  readonly source: 'plan' | 'override' | 'none';
}

/**
 * Adds up what plans grant of one feature: a switch is on when any plan has it on, limits and quotas add up, each as
 * often as its plan is taken, and one without limit makes the whole without limit. An override says it all instead;
 * when a quota starts anew is still the plan's affair. Of several plans with different resets the first one's counts.
 */
export function combineGrants(
  kind: FeatureKind,
  grants: readonly Grant[],
  override: GrantOverride | null,
): Entitlement {
  const effective = grants.filter(({ enabled }) => enabled);
  const [first] = effective;
  const terms = {
    reset: kind === 'quota' ? (first?.reset ?? 'billing_period') : null,
    period: first?.period ?? null,
  };
  if (override) {
    const { enabled, amount } = override;
    return { enabled, limit: limitOf(kind, enabled, [amount]), ...terms, source: 'override' };
  }
  const amounts = effective.map(({ amount, times }) => amount && amount.times(times));
  const enabled = effective.length > 0;
  return { enabled, limit: limitOf(kind, enabled, amounts), ...terms, source: enabled ? 'plan' : 'none' };
}

function limitOf(kind: FeatureKind, enabled: boolean, amounts: readonly (Decimal | null)[]): Decimal | null {
  const nothing = new Decimal(0);
  if (!enabled) return nothing;
  if (kind === 'switch') return null;
  return amounts.reduce<Decimal | null>((sum, amount) => sum && amount && sum.plus(amount), nothing);
}

/** Why something may not be used. */
export type RefusalReason = 'not_entitled' | 'limit_reached';

/** Whether so much more may be used of what a customer has, and why not. */
export function refusalOf(
  entitlement: Pick<Entitlement, 'enabled' | 'limit'>,
  { used, quantity }: { used: Decimal; quantity: Decimal },
): RefusalReason | null {
  if (!entitlement.enabled) return 'not_entitled';
  if (entitlement.limit === null || used.plus(quantity).lte(entitlement.limit)) return null;
  return 'limit_reached';
}

/** What is left; null is without limit. Never below zero: a plan may have become smaller than what was used. */
export function remainingOf(limit: Decimal | null, used: Decimal): Decimal | null {
  return limit && Decimal.max(limit.minus(used), 0);
}
