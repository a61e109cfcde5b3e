/** Money that came though nobody asked for it, as a webhook or a provider's books tell of it. */
export interface UnaskedMoney {
  readonly provider: string;
  readonly providerPaymentId: string;
  /** Minor units of `currency`. */
  readonly amount: bigint;
  readonly currency: string;
  /** What the payer wrote as what is paid. */
  readonly billReference: string | null;
  readonly payer: string | null;
  /** What the payer has in hand, where that is another thing than the id. */
  readonly receipt: string | null;
  /** When it was told of, in real time. */
  readonly receivedAt: Date;
}
