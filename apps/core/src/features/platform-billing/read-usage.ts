import type { Tenant } from '@nova/prisma-central';

import { remainingOf } from '../../domain/entitlements/entitlement.js';
import { quotaWindow } from '../../domain/entitlements/quota-window.js';
import { Decimal } from '../../domain/money/decimal.js';
import type { RateLimitTable, RatePolicy } from '../../platform/rate-limits/rate-policies.js';
import type { CentralClient } from '../../tenancy/central/central-database.js';
import type { TenantContext } from '../../tenancy/tenant-context.js';
import { readHoldings } from '../entitlements/read-holdings.js';
import { countInvitations, countMembers } from '../members/plan-limits.js';
import type { BillingUsageWire } from './billing.schemas.js';
import { PLATFORM_FEATURE_CODES, PLATFORM_FEATURES, type PlatformFeatureCode } from './platform-plans.js';
import { openAccount } from './read-account.js';
import type { TenantLimits } from './tenant-entitlements.js';

interface Used {
  readonly used: Decimal;
  readonly resetsAt: Date | null;
}

export interface UsageDeps {
  readonly central: CentralClient;
  readonly rateLimits: RateLimitTable;
  readonly limits: TenantLimits;
  readonly rateFactor: number;
}

/** The policies that count what a key or session does. */
const OF_CALLERS = ['read', 'write', 'ingest', 'otp', 'sms', 'assistant'] as const satisfies RatePolicy[];

/**
 * How much of its plan a tenant has used: members and invitations as the platform counts them itself, the rest as it
 * was consumed in the platform's books.
 * @throws own_platform
 */
export async function readUsage(
  books: TenantContext,
  tenant: Tenant,
  deps: UsageDeps,
): Promise<BillingUsageWire> {
  const { current } = await openAccount(books, tenant);
  const used = await readUsed(books, tenant, deps);
  return {
    object: 'billing_usage',
    planName: current?.plan.name ?? null,
    features: PLATFORM_FEATURE_CODES.filter((code) => code !== 'api_rate').map((code) => {
      const { name, unit } = PLATFORM_FEATURES[code];
      const { used: spent, resetsAt } = used.get(code) ?? { used: new Decimal(0), resetsAt: null };
      const limit = deps.limits[code];
      return {
        feature: code,
        name,
        unit,
        limit: limit?.toFixed() ?? null,
        used: spent.toFixed(),
        remaining: remainingOf(limit, spent)?.toFixed() ?? null,
        resetsAt: resetsAt?.toISOString() ?? null,
      };
    }),
    rateLimits: OF_CALLERS.map((policy) => {
      const limit = deps.rateLimits[policy];
      return {
        policy,
        quota: limit && Math.max(1, Math.floor(limit.quota * deps.rateFactor)),
        windowSeconds: limit?.windowSeconds ?? null,
      };
    }),
  };
}

async function readUsed(
  books: TenantContext,
  tenant: Tenant,
  { central }: UsageDeps,
): Promise<Map<PlatformFeatureCode, Used>> {
  const now = books.clock.now();
  const month = quotaWindow('month', { now, period: null, timeZone: tenant.timeZone });
  const [holdings, members, invitations] = await Promise.all([
    readHoldings(books, tenant.id, 'all'),
    countMembers(central, tenant.id),
    countInvitations(central, tenant.id, month.start),
  ]);
  const consumed = PLATFORM_FEATURE_CODES.flatMap((code): [PlatformFeatureCode, Used][] => {
    const holding = holdings.find(({ feature }) => feature.code === code);
    return holding ? [[code, { used: holding.used, resetsAt: holding.window?.end ?? null }]] : [];
  });
  return new Map([
    ...consumed,
    ['members', { used: new Decimal(members), resetsAt: null }],
    ['invites_per_month', { used: new Decimal(invitations), resetsAt: month.end }],
  ]);
}
