/**
 * A case of an open billing engine (Kill Bill, Lago, Meteroid, OpenMeter, Flexprice, Polar, Stripe's documentation),
 * restated as terms and usage of ours.
 */
export interface ChargeCase {
  readonly id: string;
  /** JSON of charge terms. */
  readonly terms: object;
  readonly usage: {
    readonly quantity: string;
    readonly events?: readonly string[];
    readonly changes?: readonly { readonly quantity: string; readonly proratedQuantity: string }[];
    readonly peaks?: Readonly<Record<string, string>>;
  };
  /** Minor units before rounding. */
  readonly amount?: string;
  /** Whole minor units, where the source states no more. */
  readonly rounded?: string;
  readonly billed?: string;
  readonly packages?: string;
  readonly lines?: readonly {
    readonly tier: string;
    readonly quantity: string;
    readonly amount: string;
  }[];
}

export interface SumCase {
  readonly id: string;
  readonly charges: readonly { readonly terms: object; readonly quantity: string }[];
  readonly amount: string;
}
