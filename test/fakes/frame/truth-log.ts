/** Money that a fake has really moved, whatever anybody was told of it. */
export interface TruthEntry {
  /** In the provider's time. */
  at: string;
  kind: 'capture' | 'refund' | 'refund-undone' | 'payout';
  /** The merchant's own name of the charge: at most one capture may bear it. */
  reference: string;
  /** The provider's name of the charge; of a refund too, the charge that it gives back. */
  chargeId: string;
  refundId: string | null;
  /** In the unit that the provider counts in: see each fake. */
  amount: bigint;
  currency: string;
  account: string;
}

/** The last word on what was charged and given back, to be compared with our books. */
export class TruthLog {
  private entries: TruthEntry[] = [];

  record(entry: TruthEntry): void {
    this.entries.push(entry);
  }

  all(): readonly TruthEntry[] {
    return this.entries;
  }

  captures(reference: string): TruthEntry[] {
    return this.entries.filter((entry) => entry.kind === 'capture' && entry.reference === reference);
  }

  /** What was captured and not given back. */
  net(reference: string): bigint {
    return sum(this.entries.filter((entry) => entry.reference === reference));
  }

  /** Everything that must never be so, in sentences; empty when all is well. */
  violations(): string[] {
    const references = [...new Set(this.entries.map((entry) => entry.reference))];
    const charges = [...new Set(this.entries.filter(isOfCharge).map((entry) => entry.chargeId))];
    return [
      ...references.flatMap((reference) => {
        const ids = new Set(this.captures(reference).map((entry) => entry.chargeId));
        return ids.size > 1 ? [`${reference} was captured ${ids.size} times: ${[...ids].join(', ')}`] : [];
      }),
      ...charges.flatMap((chargeId) => this.wrongWith(chargeId)),
    ];
  }

  /** Throws with all of them. */
  assertSound(): void {
    const found = this.violations();
    if (found.length > 0) throw new Error(`The money is not sound:\n${found.join('\n')}`);
  }

  clear(): void {
    this.entries = [];
  }

  private wrongWith(chargeId: string): string[] {
    const entries = this.entries.filter((entry) => isOfCharge(entry) && entry.chargeId === chargeId);
    const captures = entries.filter((entry) => entry.kind === 'capture').length;
    const left = sum(entries);
    return [
      ...(captures === 1 ? [] : [`${chargeId} has ${captures} captures`]),
      ...(left < 0n ? [`${chargeId} gave back ${-left} more than it took`] : []),
      ...(new Set(entries.map((entry) => entry.currency)).size > 1
        ? [`${chargeId} changed its currency`]
        : []),
    ];
  }
}

/** A payout gives no charge back. */
const isOfCharge = (entry: TruthEntry) => entry.kind !== 'payout';

const SIGNS = { capture: 1n, refund: -1n, 'refund-undone': 1n, payout: -1n } as const;

const sum = (entries: readonly TruthEntry[]) =>
  entries.reduce((total, entry) => total + SIGNS[entry.kind] * entry.amount, 0n);
