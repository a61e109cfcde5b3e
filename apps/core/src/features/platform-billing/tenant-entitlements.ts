import { Inject, Injectable } from '@nestjs/common';
import type { TenantEntitlement } from '@nova/prisma-central';

import { Decimal, toDecimal } from '../../domain/money/decimal.js';
import { CONFIG } from '../../platform/config/config.module.js';
import type { Config } from '../../platform/config/config.schema.js';
import { CentralDatabase } from '../../tenancy/central/central-database.js';
import { ChangeListener } from '../../tenancy/central/changes.js';
import { WatchedCache } from '../../tenancy/central/watched-cache.js';
import {
  PLATFORM_FEATURE_CODES,
  PLATFORM_PLANS,
  type PlatformFeatureCode,
  STARTER,
} from './platform-plans.js';

/** How much of a feature a tenant may have; null is without limit. */
export type TenantLimits = Readonly<Record<PlatformFeatureCode, Decimal | null>>;

const UNLIMITED = limitsBy(() => null);
/** Where the platform bills nobody, the configured rates are everybody's. */
const BILLS_NOBODY: TenantLimits = { ...UNLIMITED, api_rate: new Decimal(1) };
/** What holds for a tenant as long as nothing else is known of it. */
export const STARTER_LIMITS: TenantLimits = limitsBy(
  (code) => new Decimal(PLATFORM_PLANS[STARTER].grants[code]),
);

/** Nothing is believed longer than this, even if no change is heard of. */
const CACHE_TTL_MS = 30_000;
const CACHE_ENTRIES_MAX = 20_000;
/** However much a plan grants: the platform has other tenants. */
const RATE_FACTOR_MAX = 100;

/**
 * What each tenant's plan with the platform lets it have, out of central and remembered for moments. A change of plan
 * is heard of in every process within two seconds; while changes cannot be heard of, central is asked every time.
 */
@Injectable()
export class TenantEntitlements {
  private readonly cache: WatchedCache<TenantLimits>;
  private readonly billing: Config['platformBilling'];

  constructor(
    private readonly central: CentralDatabase,
    changes: ChangeListener,
    @Inject(CONFIG) config: Config,
  ) {
    this.billing = config.platformBilling;
    this.cache = new WatchedCache(changes, {
      max: CACHE_ENTRIES_MAX,
      ttlMs: CACHE_TTL_MS,
      keyOf: (change) => (change.kind === 'entitlements' ? change.tenantId : null),
    });
  }

  /** What the tenant may have of everything. Where central has no row for something, Starter's counts. */
  async of(tenantId: string): Promise<TenantLimits> {
    if (this.billing === 'off') return BILLS_NOBODY;
    return (await this.cache.get(tenantId, () => this.read(tenantId))) ?? STARTER_LIMITS;
  }

  /** How many times the configured rates the tenant's requests may have. */
  async rateFactor(tenantId: string): Promise<number> {
    const { api_rate: rate } = await this.of(tenantId);
    return Math.min(rate?.toNumber() ?? RATE_FACTOR_MAX, RATE_FACTOR_MAX);
  }

  private async read(tenantId: string): Promise<TenantLimits> {
    const { rows } = await this.central.pool.query<ReadRow>(
      `SELECT t.kind, e.feature, e.enabled, e.amount FROM tenants t
         LEFT JOIN tenant_entitlements e ON e.tenant_id = t.id WHERE t.id = $1`,
      [tenantId],
    );
    // The operator's own people are not held to a plan: nobody bills the platform.
    if (rows[0]?.kind === 'platform') return BILLS_NOBODY;
    return limitsOf(rows);
  }
}

type ReadRow = Pick<TenantEntitlement, 'feature' | 'enabled'> & { kind: string; amount: string | null };

/** Rows as limits. What a plan does not enable it has none of. */
function limitsOf(rows: readonly ReadRow[]): TenantLimits {
  return limitsBy((code) => {
    const row = rows.find(({ feature }) => feature === code);
    if (!row) return STARTER_LIMITS[code];
    if (!row.enabled) return new Decimal(0);
    return row.amount === null ? null : toDecimal(row.amount);
  });
}

function limitsBy(limit: (code: PlatformFeatureCode) => Decimal | null): TenantLimits {
  return Object.fromEntries(PLATFORM_FEATURE_CODES.map((code) => [code, limit(code)])) as TenantLimits;
}
