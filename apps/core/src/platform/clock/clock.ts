/** The time as features and domain may know it. In test mode a tenant's clock may stand still, moved forward at will. */
export interface Clock {
  now(): Date;
}

/** The machine's clock: the only place outside configuration that reads it for the platform's purposes. */
export const systemClock: Clock = { now: () => new Date() };

/** A clock that stands still at `moment`. */
export function stoppedClock(moment: Date): Clock {
  return { now: () => new Date(moment) };
}
