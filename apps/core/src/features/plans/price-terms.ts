import type { Price } from '@nova/prisma-tenant';

import type { ChargeTerms } from '../../domain/rating/charge-terms.js';
import { readChargeTerms } from '../../domain/rating/read-charge-terms.js';

/** Terms as a JSON column has them and as the wire shows them: `ChargeTerms` with decimal strings. */
export type TermsJson = Readonly<Record<string, unknown>>;

/** What of a price says how it is charged. */
export type PricedRow = Pick<Price, 'model' | 'unitAmount' | 'terms'>;

/**
 * What a price charges, in minor units of its currency. `override` is the item's own terms, which stand in for the
 * price's.
 * @throws RangeError for terms that never passed `validateChargeTerms`
 */
export function termsOf(price: PricedRow, override: unknown = null): ChargeTerms {
  return readChargeTerms(override ?? termsJsonOf(price));
}

/** The JSON form of a price's terms. Rows from before there were terms have only a unit amount. */
export function termsJsonOf({ model, unitAmount, terms }: PricedRow): TermsJson {
  const stored = terms as TermsJson;
  if (Object.keys(stored).length > 0) return stored;
  return shortTerms(model, unitAmount.toFixed());
}

/** Whether a unit amount alone can say what a price of the model charges. */
export function isShortModel(model: string): boolean {
  return model === 'flat' || model === 'per_unit';
}

/** The terms that a unit amount alone is the short form of: `amount` of a flat price, `unitAmount` of one per unit. */
export function shortTerms(model: string, unitAmount: string): TermsJson {
  const common = { freeUnits: '0', conversion: null };
  return model === 'flat' ? { model, amount: unitAmount, ...common } : { model, unitAmount, ...common };
}
