import type { Decimal } from '../money/decimal.js';

/**
 * One tax of a rate. `rate` is a percentage. A parallel component is taken of the net amount; a compound one of the net
 * amount and all components before it. In force from `validFrom` until the day before `validTo` (local dates).
 */
export interface TaxComponent {
  readonly code: string;
  readonly name: string;
  readonly rate: Decimal;
  readonly compound: boolean;
  readonly validFrom: string | null;
  readonly validTo: string | null;
}

/** Why nothing is taken where something might be: the customer is exempt, owes it itself, or the seller may not ask. */
export type NoTaxReason = 'exempt' | 'reverse_charge' | 'not_registered';

/** Whether the stated price contains its taxes. */
export type TaxBehavior = 'exclusive' | 'inclusive';

/** What is taken of a line: components in the order in which they compound. With a reason, nothing is taken. */
export interface LineTax {
  readonly components: readonly TaxComponent[];
  readonly reason: NoTaxReason | null;
}

/** A tax on one line. `base` is what the percentage was taken of. */
export interface TaxShare {
  readonly code: string;
  readonly name: string;
  /** A percentage as a decimal string. */
  readonly rate: string;
  readonly base: bigint;
  readonly amount: bigint;
}

/** A tax on a whole invoice or credit note: the sum of its lines' shares. */
export interface TaxRow extends TaxShare {
  readonly reason: NoTaxReason | null;
}

/** What a tenant has to take in a place. `region` null is the whole country. */
export interface TaxRate {
  /** ISO 3166-1, upper case. */
  readonly country: string;
  readonly region: string | null;
  /** What kind of thing is taxed so; `standard` is for whatever has no rate of its own. */
  readonly category: string;
  readonly components: readonly TaxComponent[];
}

/** Where and what is supplied. */
export interface TaxedSupply {
  readonly country: string;
  readonly region: string | null;
  readonly category: string;
}
