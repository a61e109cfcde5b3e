import { toDecimal } from '../../domain/money/decimal.js';
import type { TenantContext } from '../../tenancy/tenant-context.js';
import { type Consumption, keyOf, requireCounter, requireSame, usedNow } from './consume-entitlement.js';
import { nothingToRelease } from './entitlements.errors.js';
import type { ConsumeEntitlement } from './entitlements.schemas.js';
import { readHolding } from './read-holdings.js';

/**
 * Gives back what was consumed: a seat that is free again, a message that was not sent. Only of the present window, and
 * never more than is in use.
 * @throws notFound, notConsumable, transactionReused, nothingToRelease
 */
export async function releaseEntitlement(
  ctx: TenantContext,
  input: ConsumeEntitlement,
): Promise<Consumption> {
  const holding = await readHolding(ctx, { customer: input.customerId, feature: input.feature });
  requireCounter(holding);
  const { transactionId } = input;
  const quantity = toDecimal(String(input.quantity));
  const { customerId, featureId, windowStart } = keyOf(holding);
  const now = ctx.clock.now();
  return ctx.transaction(async (tx) => {
    const [row] = await tx.db.$queryRaw<{ claimed: boolean; used: string | null }[]>`
      WITH claimed AS (
        INSERT INTO feature_consumptions (transaction_id, customer_id, feature_id, window_start, quantity, created_at)
        VALUES (${transactionId}, ${customerId}, ${featureId}, ${windowStart}, -${quantity.toFixed()}::numeric, ${now})
        ON CONFLICT (transaction_id) DO NOTHING
        RETURNING quantity
      ), released AS (
        UPDATE feature_uses u SET used = u.used - ${quantity.toFixed()}::numeric, updated_at = ${now}
         WHERE u.customer_id = ${customerId} AND u.feature_id = ${featureId} AND u.window_start = ${windowStart}
           AND u.used >= ${quantity.toFixed()}::numeric AND EXISTS (SELECT FROM claimed)
        RETURNING used
      )
      SELECT EXISTS (SELECT FROM claimed) AS claimed, (SELECT used::text FROM released) AS used`;
    if (!row?.claimed) {
      await requireSame(tx, { holding, transactionId, quantity: quantity.negated() });
      const used = await usedNow(tx, holding);
      return { holding: { ...holding, used }, refused: null, transactionId, repeated: true };
    }
    if (row.used === null) {
      const message = `is more than the ${(await usedNow(tx, holding)).toFixed()} in use`;
      throw nothingToRelease(`quantity ${message}.`, {
        errors: [{ pointer: '/quantity', code: nothingToRelease.code, message }],
      });
    }
    const used = toDecimal(row.used);
    return { holding: { ...holding, used }, refused: null, transactionId, repeated: false };
  });
}
