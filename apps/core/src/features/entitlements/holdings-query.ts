import { Prisma } from '@nova/prisma-tenant';

import { readReference } from '../../platform/wire/external-id.js';

/** A feature as one customer has it: a row for each feature asked for, or one without a feature when none was found. */
export interface HoldingRow {
  readonly customerId: string;
  readonly externalId: string | null;
  readonly timeZone: string | null;
  readonly featureId: string | null;
  readonly code: string;
  readonly name: string;
  readonly kind: string;
  readonly unit: string | null;
  readonly meterId: string | null;
  readonly archived: boolean;
  readonly grants: readonly GrantRow[];
  readonly overrideEnabled: boolean | null;
  readonly overrideAmount: string | null;
  readonly overrideExpiresAt: Date | null;
  readonly windowStart: Date | null;
  readonly used: string | null;
}

/** Decimals and moments as texts, as JSON has them. */
export interface GrantRow {
  readonly enabled: boolean;
  readonly amount: string | null;
  readonly reset: string | null;
  readonly times: string;
  readonly periodStart: string;
  readonly periodEnd: string;
}

/** Which features are wanted: one by what the caller calls it, or all of them. */
export type WhichFeatures = { readonly feature: string } | 'all';

/**
 * Everything that says what customers may use, in one statement: what the plans of its active and trialing
 * subscriptions grant (base plans and add-ons, by the items that are in force), their overrides, and the newest count of
 * what they have used. A plan is taken as often as the least of its recurring items: five seats are five times a plan
 * that is nothing but seats, and once a plan of a base fee and five seats.
 */
export function holdingsQuery(customers: Prisma.Sql, which: WhichFeatures, now: Date): Prisma.Sql {
  return Prisma.sql`
    WITH customer AS MATERIALIZED (
      SELECT id, external_id, time_zone FROM customers WHERE ${customers} AND deleted_at IS NULL
    ), subscribed AS (
      SELECT s.* FROM subscriptions s JOIN customer c ON c.id = s.customer_id
       WHERE s.status IN ('active', 'trialing')
    ), in_force AS (
      SELECT i.subscription_id, p.plan_id, p.plan_version, p.type, i.quantity
        FROM subscribed s
        JOIN subscription_items i ON i.subscription_id = s.id
         AND coalesce(i.started_at, s.started_at) <= ${now} AND (i.ended_at IS NULL OR i.ended_at > ${now})
        JOIN prices p ON p.id = i.price_id AND p.type <> 'one_time'
    ), taken AS (
      SELECT s.id AS subscription_id, s.plan_id, s.plan_version, 0 AS rank,
             coalesce((SELECT min(f.quantity) FROM in_force f
                        WHERE f.subscription_id = s.id AND f.plan_id = s.plan_id AND f.type = 'recurring'), 1) AS times
        FROM subscribed s
      UNION ALL
      SELECT s.id, f.plan_id, f.plan_version, 1, coalesce(min(f.quantity) FILTER (WHERE f.type = 'recurring'), 1)
        FROM subscribed s JOIN in_force f ON f.subscription_id = s.id AND f.plan_id <> s.plan_id
       GROUP BY s.id, f.plan_id, f.plan_version
    )
    SELECT c.id AS "customerId", c.external_id AS "externalId", c.time_zone AS "timeZone", f.id AS "featureId", f.code, f.name, f.kind, f.unit,
           f.meter_id AS "meterId", f.archived_at IS NOT NULL AS archived,
           coalesce(g.grants, '[]') AS grants, o.enabled AS "overrideEnabled", o.amount::text AS "overrideAmount",
           o.expires_at AS "overrideExpiresAt", u.window_start AS "windowStart", u.used::text AS used
      FROM customer c
      LEFT JOIN ${featuresNamed(which)} f ON true
      LEFT JOIN LATERAL (
        SELECT jsonb_agg(jsonb_build_object(
                 'enabled', pf.enabled, 'amount', pf.amount::text, 'reset', pf.reset, 'times', t.times::text,
                 'periodStart', s.current_period_start, 'periodEnd', s.current_period_end)
               ORDER BY t.rank, s.started_at, s.id) AS grants
          FROM taken t
          JOIN subscribed s ON s.id = t.subscription_id AND s.customer_id = c.id
          JOIN plan_features pf ON pf.plan_id = t.plan_id AND pf.plan_version = t.plan_version
           AND pf.feature_id = f.id) g ON true
      LEFT JOIN feature_overrides o ON o.customer_id = c.id AND o.feature_id = f.id
       AND (o.expires_at IS NULL OR o.expires_at > ${now})
      LEFT JOIN LATERAL (
        SELECT window_start, used FROM feature_uses
         WHERE customer_id = c.id AND feature_id = f.id AND window_start <= ${now}
         ORDER BY window_start DESC LIMIT 1) u ON true
     ORDER BY c.id, f.code`;
}

/** The one customer that a caller names by our id or its own. */
export function customerNamed(text: string): Prisma.Sql {
  const reference = readReference('cus', text);
  if (!reference) return Prisma.sql`false`;
  return 'id' in reference
    ? Prisma.sql`id = ${reference.id}`
    : Prisma.sql`external_id = ${reference.externalId}`;
}

/** A code goes before an external id, as everywhere. */
function featuresNamed(which: WhichFeatures): Prisma.Sql {
  if (which === 'all') return Prisma.sql`features`;
  const reference = readReference('feat', which.feature);
  if (!reference) return Prisma.sql`(SELECT * FROM features WHERE false)`;
  if ('id' in reference) return Prisma.sql`(SELECT * FROM features WHERE id = ${reference.id})`;
  const name = reference.externalId;
  return Prisma.sql`(SELECT * FROM features WHERE code = ${name} OR external_id = ${name}
                      ORDER BY code = ${name} DESC LIMIT 1)`;
}
