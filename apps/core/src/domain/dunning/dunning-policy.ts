/** The letters that customers get: each more urgent than the one before. */
export const REMINDER_TEMPLATES = ['first_reminder', 'second_reminder', 'final_notice'] as const;
export type ReminderTemplate = (typeof REMINDER_TEMPLATES)[number];

/** `charge` tries the customer's default payment method again; the others tell the customer. */
export type DunningAction =
  | { readonly kind: 'charge' }
  | { readonly kind: 'email'; readonly template: ReminderTemplate }
  | { readonly kind: 'sms'; readonly template: ReminderTemplate };

/** What is done some days after dunning began. A charge goes first: who has paid is not reminded. */
export interface DunningStep {
  readonly offsetDays: number;
  readonly actions: readonly DunningAction[];
}

/** What becomes of an invoice that nobody has paid after all that. */
export const FINAL_ACTIONS = ['none', 'uncollectible', 'pause', 'cancel'] as const;
export type FinalAction = (typeof FINAL_ACTIONS)[number];

/** What is done about an unpaid invoice, day by day. */
export interface DunningPlan {
  readonly steps: readonly DunningStep[];
  readonly finalAction: FinalAction;
  /** Days after dunning began. */
  readonly finalAfterDays: number;
}

export const STEPS_MAX = 20;
/** Whatever a policy does is done within a year. */
export const DAYS_MAX = 365;

/** Of what a policy offers nothing at all is done: whom it is given to is left in peace. */
export function doesNothing({ steps, finalAction }: DunningPlan): boolean {
  return steps.length === 0 && finalAction === 'none';
}

/**
 * The steps of a policy that says nothing else: the card is tried on days 2, 5, 7 and 14, within the two weeks in which
 * most of those that have too little money have enough again (the ladders of Stripe and Polar), and the customer hears
 * of it at once, on day 5 and before it ends.
 */
export const STANDARD_STEPS: readonly DunningStep[] = [
  { offsetDays: 0, actions: [{ kind: 'email', template: 'first_reminder' }] },
  { offsetDays: 2, actions: [{ kind: 'charge' }] },
  { offsetDays: 5, actions: [{ kind: 'charge' }, { kind: 'email', template: 'second_reminder' }] },
  { offsetDays: 7, actions: [{ kind: 'charge' }] },
  { offsetDays: 14, actions: [{ kind: 'charge' }, { kind: 'email', template: 'final_notice' }] },
];

/** When a policy is over unless it says: a week after its last step, so that a last letter can be answered. */
export function standardFinalDay(steps: readonly DunningStep[]): number {
  return Math.min(DAYS_MAX, (steps.at(-1)?.offsetDays ?? 0) + 7);
}
