export type DisputeStatus = 'open' | 'under_review' | 'won' | 'lost';

const STAGE: Readonly<Record<DisputeStatus, number>> = { open: 0, under_review: 1, won: 2, lost: 2 };

/** Whether the bank has decided. */
export function isClosed(status: DisputeStatus): boolean {
  return status === 'won' || status === 'lost';
}

/**
 * Where a dispute stands after it was told of once more. Providers tell of things in any order: what is closed stays as
 * it was decided, and nothing goes back to an earlier stage.
 */
export function disputeAfter(known: DisputeStatus, told: DisputeStatus): DisputeStatus {
  return STAGE[told] > STAGE[known] ? told : known;
}
