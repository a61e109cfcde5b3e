import { allocate } from '../money/allocate.js';
import { divideHalfAwayFromZero } from '../money/percentage.js';
import type { TaxShare } from '../tax/tax-types.js';
import type { AlreadyCredited, CreditableLine, CreditShares } from './credit-note-types.js';

/** Of a line that no note has touched. */
export const NOTHING_CREDITED: AlreadyCredited = { amount: 0n, discount: 0n, tax: 0n, taxes: [] };

/** What may still be credited of a line, in its own terms before the discount; has the sign of the line. */
export function creditableAmount(line: CreditableLine, already: Pick<AlreadyCredited, 'amount'>): bigint {
  return line.amount - already.amount;
}

/**
 * The part of an invoice line that belongs to a credited amount. Shares are cumulative: what all notes together have
 * of the line's discount and tax is their part of it, rounded, and this note has what the notes before it did not. So
 * notes over any split of a line add up to the line exactly, without a note that has to absorb a rest.
 *
 * @param amount before the discount, in the line's own terms; of a negative line negative
 * @throws RangeError when it is more than is left to credit
 */
export function creditShares({
  invoiceLine,
  alreadyCredited,
  amount,
}: {
  invoiceLine: CreditableLine;
  alreadyCredited: AlreadyCredited;
  amount: bigint;
}): CreditShares {
  if (invoiceLine.amount < 0n) {
    const mirrored = {
      invoiceLine: negateLine(invoiceLine),
      alreadyCredited: negateCredited(alreadyCredited),
    };
    return negateShares(creditShares({ ...mirrored, amount: -amount }));
  }
  const rest = restOf(invoiceLine, alreadyCredited);
  if (amount < 0n || amount > rest.amount) {
    throw new RangeError(`Of the line, ${rest.amount} is left to credit, not ${amount}.`);
  }
  const cumulative = alreadyCredited.amount + amount;
  const part = (whole: bigint): bigint => share(whole, cumulative, invoiceLine.amount);
  // Shares that are rounded each by itself may add up to more than the few units that a note is over.
  const discount = within(part(invoiceLine.discount) - alreadyCredited.discount, amount);
  const price = amount - discount;
  if (invoiceLine.taxBehavior === 'exclusive') {
    const tax = within(part(invoiceLine.tax) - alreadyCredited.tax, rest.tax);
    return sharesOf({ amount, discount, net: price, tax }, invoiceLine, alreadyCredited);
  }
  const tax = within(part(invoiceLine.tax) - alreadyCredited.tax, price);
  return sharesOf({ amount, discount, net: price - tax, tax }, invoiceLine, alreadyCredited);
}

/**
 * The part of an invoice line that comes to a total with tax: for giving back a round sum. Cumulative like
 * `creditShares`, and the two may be mixed on a line.
 *
 * @throws RangeError when it is more than is left to credit
 */
export function creditSharesOfGross({
  invoiceLine,
  alreadyCredited,
  gross,
}: {
  invoiceLine: CreditableLine;
  alreadyCredited: AlreadyCredited;
  gross: bigint;
}): CreditShares {
  if (invoiceLine.amount < 0n) {
    const mirrored = {
      invoiceLine: negateLine(invoiceLine),
      alreadyCredited: negateCredited(alreadyCredited),
    };
    return negateShares(creditSharesOfGross({ ...mirrored, gross: -gross }));
  }
  const rest = restOf(invoiceLine, alreadyCredited);
  const restGross = rest.net + rest.tax;
  if (gross < 0n || gross > restGross) {
    throw new RangeError(`Of the line, ${restGross} with tax is left to credit, not ${gross}.`);
  }
  const lineGross = invoiceLine.net + invoiceLine.tax;
  const cumulative = lineGross - restGross + gross;
  const part = (whole: bigint): bigint => share(whole, cumulative, lineGross);
  const tax = within(part(invoiceLine.tax) - alreadyCredited.tax, gross);
  const discount = within(part(invoiceLine.discount) - alreadyCredited.discount, rest.discount);
  const net = gross - tax;
  const price = invoiceLine.taxBehavior === 'exclusive' ? net : gross;
  return sharesOf({ amount: price + discount, discount, net, tax }, invoiceLine, alreadyCredited);
}

/** All notes on a line together. */
export function sumCredited(credited: readonly AlreadyCredited[]): AlreadyCredited {
  const taxes = new Map<string, TaxShare>();
  for (const tax of credited.flatMap((shares) => shares.taxes)) {
    const before = taxes.get(taxKey(tax));
    const sum = before && { base: before.base + tax.base, amount: before.amount + tax.amount };
    taxes.set(taxKey(tax), { ...tax, ...sum });
  }
  return {
    amount: credited.reduce((sum, shares) => sum + shares.amount, 0n),
    discount: credited.reduce((sum, shares) => sum + shares.discount, 0n),
    tax: credited.reduce((sum, shares) => sum + shares.tax, 0n),
    taxes: [...taxes.values()],
  };
}

type Parts = Pick<CreditShares, 'amount' | 'discount' | 'net' | 'tax'>;

/** Splits the tax over the line's taxes by what is left of each, so that none is credited beyond itself. */
function sharesOf(parts: Parts, line: CreditableLine, already: AlreadyCredited): CreditShares {
  const credited = new Map(already.taxes.map((tax) => [taxKey(tax), tax.amount]));
  const amounts = allocate(
    parts.tax,
    line.taxes.map((tax) => tax.amount - (credited.get(taxKey(tax)) ?? 0n)),
  );
  let before = 0n;
  const taxes = line.taxes.map((tax, index): TaxShare => {
    const amount = amounts[index] ?? 0n;
    const base = tax.base === line.net ? parts.net : parts.net + before;
    before += amount;
    return { ...tax, base, amount };
  });
  return { ...parts, gross: parts.net + parts.tax, taxes };
}

function restOf(line: CreditableLine, already: AlreadyCredited): Parts {
  const amount = line.amount - already.amount;
  const discount = line.discount - already.discount;
  const tax = line.tax - already.tax;
  const net = line.taxBehavior === 'exclusive' ? amount - discount : amount - discount - tax;
  return { amount, discount, net, tax };
}

function share(whole: bigint, part: bigint, base: bigint): bigint {
  return base === 0n ? 0n : divideHalfAwayFromZero(whole * part, base);
}

/** No less than nothing and no more than what it is a part of. */
function within(value: bigint, most: bigint): bigint {
  if (value < 0n) return 0n;
  return value > most ? most : value;
}

function taxKey({ code, name, rate }: TaxShare): string {
  return JSON.stringify([code, name, rate]);
}

function negateTaxes(taxes: readonly TaxShare[]): TaxShare[] {
  return taxes.map((tax) => ({ ...tax, base: -tax.base, amount: -tax.amount }));
}

function negateLine(line: CreditableLine): CreditableLine {
  const { amount, discount, net, tax, taxes, taxBehavior } = line;
  const taxesBack = negateTaxes(taxes);
  return { amount: -amount, discount: -discount, net: -net, tax: -tax, taxes: taxesBack, taxBehavior };
}

function negateCredited({ amount, discount, tax, taxes }: AlreadyCredited): AlreadyCredited {
  return { amount: -amount, discount: -discount, tax: -tax, taxes: negateTaxes(taxes) };
}

function negateShares({ amount, discount, net, tax, gross, taxes }: CreditShares): CreditShares {
  const money = { amount: -amount, discount: -discount, net: -net, tax: -tax, gross: -gross };
  return { ...money, taxes: negateTaxes(taxes) };
}
