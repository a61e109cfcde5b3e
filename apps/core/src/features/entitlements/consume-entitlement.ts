import { refusalOf, type RefusalReason } from '../../domain/entitlements/entitlement.js';
import { Decimal, toDecimal } from '../../domain/money/decimal.js';
import type { TenantContext, TenantTransaction } from '../../tenancy/tenant-context.js';
import { notConsumable, transactionReused } from './entitlements.errors.js';
import type { ConsumeEntitlement } from './entitlements.schemas.js';
import { type Holding, readHolding } from './read-holdings.js';

/** What became of something that was to be used. */
export interface Consumption {
  /** As it is afterwards. */
  readonly holding: Holding;
  /** Null when it was counted. */
  readonly refused: RefusalReason | null;
  readonly transactionId: string;
  /** Whether it had been counted before. */
  readonly repeated: boolean;
}

/** Something to count under its own id. */
export interface Movement {
  readonly holding: Holding;
  readonly transactionId: string;
  /** More than 0 when it is used up, less when it is given back. */
  readonly quantity: Decimal;
}

/**
 * Uses up a quota, or takes some of a limit, if there is enough: never more than there is, however many ask at once,
 * for the counter itself refuses what would go over. What is refused leaves nothing behind and can be tried again.
 * @throws notFound, notConsumable, transactionReused
 */
export async function consumeEntitlement(
  ctx: TenantContext,
  input: ConsumeEntitlement,
): Promise<Consumption> {
  const holding = await readHolding(ctx, { customer: input.customerId, feature: input.feature });
  requireCounter(holding);
  const { transactionId } = input;
  const movement = { holding, transactionId, quantity: toDecimal(String(input.quantity)) };
  const hopeless = refusalOf(holding.entitlement, { used: holding.used, quantity: movement.quantity });
  if (hopeless) {
    // What is used up costs no transaction, unless this is a repetition of what was counted before.
    const known = await ctx.db.featureConsumption.findUnique({ where: { transactionId } });
    if (!known) return { holding, refused: hopeless, transactionId, repeated: false };
  }
  return ctx.transaction(async (tx) => {
    const counted = await count(ctx, tx, movement);
    if (counted.kind === 'repeated') {
      const used = await usedNow(tx, holding);
      return { holding: { ...holding, used }, refused: null, transactionId, repeated: true };
    }
    if (counted.kind === 'counted')
      return { holding: { ...holding, used: counted.used }, refused: null, transactionId, repeated: false };
    const current = { ...holding, used: await usedNow(tx, holding) };
    const refused = refusalOf(holding.entitlement, { used: current.used, quantity: movement.quantity });
    return { holding: current, refused: refused ?? 'limit_reached', transactionId, repeated: false };
  });
}

/**
 * Only what has a counter of its own can be used up or given back.
 * @throws notConsumable
 */
export function requireCounter({ feature }: Holding): void {
  if (feature.kind === 'switch') throw notConsumable(`${feature.code} is a switch: check it instead.`);
  if (feature.meterId !== null)
    throw notConsumable(`${feature.code} is used up by the usage of meter ${feature.meterId}: send events.`);
}

/** What has been used by now, as this transaction sees it. */
export async function usedNow(tx: TenantTransaction, holding: Holding): Promise<Decimal> {
  const use = await tx.db.featureUse.findUnique({
    where: { customerId_featureId_windowStart: keyOf(holding) },
    select: { used: true },
  });
  return use ? toDecimal(use.used) : new Decimal(0);
}

type Counted = { kind: 'counted'; used: Decimal } | { kind: 'refused' } | { kind: 'repeated' };

/**
 * Counts what is used up under its transactionId, in one statement: it is refused when the counter would pass the limit,
 * and then its transactionId is free again.
 */
async function count(ctx: TenantContext, tx: TenantTransaction, movement: Movement): Promise<Counted> {
  const { holding, transactionId, quantity } = movement;
  const { customerId, featureId, windowStart } = keyOf(holding);
  const { enabled, limit } = holding.entitlement;
  const [amount, most] = [quantity.toFixed(), enabled ? (limit?.toFixed() ?? null) : '0'];
  const now = ctx.clock.now();
  const [row] = await tx.db.$queryRaw<{ claimed: boolean; used: string | null }[]>`
    WITH claimed AS (
      INSERT INTO feature_consumptions (transaction_id, customer_id, feature_id, window_start, quantity, created_at)
      VALUES (${transactionId}, ${customerId}, ${featureId}, ${windowStart}, ${amount}::numeric, ${now})
      ON CONFLICT (transaction_id) DO NOTHING
      RETURNING quantity
    ), counted AS (
      INSERT INTO feature_uses AS u (customer_id, feature_id, window_start, used, updated_at)
      SELECT ${customerId}, ${featureId}, ${windowStart}, quantity, ${now} FROM claimed
       WHERE ${most}::numeric IS NULL OR ${amount}::numeric <= ${most}::numeric
      ON CONFLICT (customer_id, feature_id, window_start) DO UPDATE
        SET used = u.used + EXCLUDED.used, updated_at = EXCLUDED.updated_at
        WHERE ${most}::numeric IS NULL OR u.used + EXCLUDED.used <= ${most}::numeric
      RETURNING used
    )
    SELECT EXISTS (SELECT FROM claimed) AS claimed, (SELECT used::text FROM counted) AS used`;
  if (!row?.claimed) {
    await requireSame(tx, movement);
    return { kind: 'repeated' };
  }
  if (row.used !== null) return { kind: 'counted', used: toDecimal(row.used) };
  await tx.db.featureConsumption.delete({ where: { transactionId } });
  return { kind: 'refused' };
}

/**
 * Sees that what was counted under an id before is what is meant now.
 * @throws transactionReused
 */
export async function requireSame(
  tx: TenantTransaction,
  { holding, transactionId, quantity }: Movement,
): Promise<void> {
  const known = await tx.db.featureConsumption.findUniqueOrThrow({ where: { transactionId } });
  const isSame =
    known.customerId === holding.customerId &&
    known.featureId === holding.feature.id &&
    toDecimal(known.quantity).eq(quantity);
  if (isSame) return;
  const message = 'was used for another customer, feature or quantity';
  throw transactionReused(`transactionId ${message}.`, {
    errors: [{ pointer: '/transactionId', code: transactionReused.code, message }],
  });
}

/** The counter that a holding's uses are in. */
export function keyOf({ customerId, feature, window }: Holding) {
  if (!window) throw new Error(`${feature.code} has no window that uses count in.`);
  return { customerId, featureId: feature.id, windowStart: window.start };
}
