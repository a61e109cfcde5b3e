import type { Price } from '@nova/prisma-tenant';

import type { ChargeTerms } from '../../domain/rating/charge-terms.js';
import { readChargeTerms, writeChargeTerms } from '../../domain/rating/read-charge-terms.js';
import { newId } from '../../platform/ids/new-id.js';
import type { TenantContext, TenantTransaction } from '../../tenancy/tenant-context.js';
import { shortTerms } from './price-terms.js';
import type { CreatePrice } from './prices.schemas.js';
import { requireMeter } from './require-meter.js';

export interface NewPrice {
  readonly planId: string;
  readonly planVersion: number;
  readonly input: CreatePrice;
  /** Where the price stands in the request: empty, or for example `/prices/0`. */
  readonly pointer: string;
}

/**
 * Writes a price of a plan whose row this transaction holds or has made.
 * @throws invalidRequest with a pointer, for a meter that cannot count what the price charges
 */
export async function insertPrice(
  ctx: TenantContext,
  tx: TenantTransaction,
  { planId, planVersion, input, pointer }: NewPrice,
): Promise<Price> {
  const terms = termsOfInput(input);
  const now = ctx.clock.now();
  return tx.db.price.create({
    data: {
      ...columnsOf(input),
      id: newId('price'),
      planId,
      planVersion,
      // Every default is stated, so that what was sold stays the same when one changes.
      terms: writeChargeTerms(terms),
      unitAmount: unitAmountOf(terms),
      meterId: await meterIdOf(tx, { input, terms, pointer }),
      createdAt: now,
      updatedAt: now,
    },
  });
}

/** What a new price charges. The schema has seen that it can be read. */
function termsOfInput({ model, terms, unitAmount }: CreatePrice): ChargeTerms {
  return readChargeTerms(terms === undefined ? shortTerms(model, unitAmount ?? '0') : { ...terms, model });
}

async function meterIdOf(
  tx: TenantTransaction,
  { input, terms, pointer }: { input: CreatePrice; terms: ChargeTerms; pointer: string },
): Promise<string | null> {
  if (input.meterId === undefined) return null;
  const groupBy = input.groupBy ?? [];
  return (await requireMeter(tx.db, { reference: input.meterId, groupBy, terms, pointer })).id;
}

function columnsOf(input: CreatePrice) {
  const isOneTime = input.type === 'one_time';
  return {
    externalId: input.externalId ?? null,
    name: input.name ?? null,
    currency: input.currency,
    model: input.model,
    type: input.type,
    interval: input.interval ?? null,
    intervalCount: isOneTime ? null : (input.intervalCount ?? 1),
    billing: input.type === 'usage' ? 'in_arrears' : (input.billing ?? 'in_advance'),
    // What is bought once has been named by whoever wants it, and goes on to be unless its price says otherwise.
    optional: input.optional ?? isOneTime,
    prorated: !isOneTime && (input.prorated ?? true),
    groupBy: input.groupBy ?? [],
    minimumAmount: input.minimumAmount ?? null,
    maximumAmount: input.maximumAmount ?? null,
    taxCategory: input.taxCategory,
    taxBehavior: input.taxBehavior,
    unit: input.unit ?? null,
    metadata: input.metadata,
  };
}

function unitAmountOf(terms: ChargeTerms): string {
  if (terms.model === 'flat') return terms.amount.toFixed();
  return terms.model === 'per_unit' ? terms.unitAmount.toFixed() : '0';
}
