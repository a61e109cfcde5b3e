import type { Plan, Price } from '@nova/prisma-tenant';

import { toDecimal } from '../../domain/money/decimal.js';
import { readChargeTerms } from '../../domain/rating/read-charge-terms.js';
import type { TaxBehavior } from '../../domain/tax/tax-types.js';
import { invalidRequest, notFound } from '../../platform/errors/common-errors.js';
import { readReference, type Reference } from '../../platform/wire/external-id.js';
import type { TenantReader } from '../../tenancy/tenant-context.js';
import { type Charge, PLAIN_CHARGE } from '../billing/charge.js';
import { LINE_ROUNDING, rateLine } from '../billing/rate-line.js';
import { shortTerms, termsOf } from '../plans/price-terms.js';
import type { DraftLine } from './invoices.schemas.js';

type PlannedPrice = Price & { plan: Plan };

/** A line as the caller wrote it, with the price it names. */
export interface ResolvedLine {
  readonly line: DraftLine;
  readonly price: PlannedPrice | null;
}

/**
 * Finds the prices that lines name.
 * @throws notFound with a pointer to the line
 */
export async function resolveDraftLines(
  db: TenantReader,
  lines: readonly DraftLine[],
): Promise<ResolvedLine[]> {
  const references = lines.map((line) =>
    line.priceId === undefined ? null : readReference('price', line.priceId),
  );
  const prices = await findPrices(
    db,
    references.filter((reference) => reference !== null),
  );
  return lines.map((line, index) => {
    if (line.priceId === undefined) return { line, price: null };
    const price = prices.find(({ id, externalId }) => line.priceId === id || line.priceId === externalId);
    if (price) return { line, price };
    const message = `There is no price ${JSON.stringify(line.priceId)}.`;
    throw notFound(message, { errors: [{ pointer: `/lines/${index}/priceId`, code: 'not_found', message }] });
  });
}

function findPrices(db: TenantReader, references: readonly Reference[]): Promise<PlannedPrice[]> {
  if (references.length === 0) return Promise.resolve([]);
  const ids = references.flatMap((reference) => ('id' in reference ? [reference.id] : []));
  const externalIds = references.flatMap((reference) =>
    'externalId' in reference ? [reference.externalId] : [],
  );
  return db.price.findMany({
    where: { OR: [{ id: { in: ids } }, { externalId: { in: externalIds } }] },
    include: { plan: true },
  });
}

/**
 * What resolved lines charge, in the invoice's currency.
 * @throws invalidRequest with a pointer to a line whose price has another currency
 */
export function rateDraftLines(lines: readonly ResolvedLine[], currency: string): Charge[] {
  return lines.map(({ line, price }, index) => {
    if (price && price.currency !== currency) {
      const message = `The price is in ${price.currency} and the invoice in ${currency}.`;
      throw invalidRequest(message, {
        errors: [{ pointer: `/lines/${index}/priceId`, code: 'currency_mismatch', message }],
      });
    }
    return chargeOf(line, price);
  });
}

function chargeOf(line: DraftLine, price: PlannedPrice | null): Charge {
  const quantity = toDecimal(String(line.quantity));
  const terms = price ? termsOf(price) : readChargeTerms(shortTerms('per_unit', line.unitAmount ?? '0'));
  const { unitAmount, rated } = rateLine(terms, { quantity });
  return {
    ...PLAIN_CHARGE,
    ...(price ? ofPrice(price) : ofLine(line)),
    description: line.description ?? (price ? describePrice(price) : ''),
    quantity,
    unitAmount,
    amount: rated.amount,
    explanation: {
      model: terms.model,
      unrounded: rated.unrounded.toFixed(),
      rounding: LINE_ROUNDING,
      steps: rated.steps,
    },
  };
}

/** A line without a price says itself how it is taxed. */
function ofLine({ unit, taxCategory, taxBehavior }: DraftLine) {
  return {
    unit: unit ?? PLAIN_CHARGE.unit,
    taxCategory: taxCategory ?? PLAIN_CHARGE.taxCategory,
    taxBehavior: taxBehavior ?? PLAIN_CHARGE.taxBehavior,
  };
}

function ofPrice({ id, planId, unit, taxCategory, taxBehavior }: PlannedPrice) {
  return { priceId: id, planId, unit, taxCategory, taxBehavior: taxBehavior as TaxBehavior };
}

/** What a line of a price is called when nobody said otherwise: the plan, and the price's own name. */
export function describePrice(price: PlannedPrice): string {
  return price.name === null ? price.plan.name : `${price.plan.name} – ${price.name}`;
}
