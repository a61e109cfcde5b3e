import fc from 'fast-check';

import {
  DAYS_MAX,
  type DunningAction,
  type DunningPlan,
  FINAL_ACTIONS,
  REMINDER_TEMPLATES,
  STEPS_MAX,
} from './dunning-policy.js';

const template = fc.constantFrom(...REMINDER_TEMPLATES);

const action: fc.Arbitrary<DunningAction> = fc.oneof(
  fc.constant({ kind: 'charge' } as const),
  template.map((name) => ({ kind: 'email', template: name }) as const),
  template.map((name) => ({ kind: 'sms', template: name }) as const),
);

const actions = fc.uniqueArray(action, { minLength: 1, maxLength: 3, selector: ({ kind }) => kind });

/** Policies that there is nothing wrong with. */
export const dunningPlans: fc.Arbitrary<DunningPlan> = fc
  .record({
    days: fc.uniqueArray(fc.integer({ min: 1, max: DAYS_MAX - 1 }), { maxLength: STEPS_MAX }),
    ofDay: fc.array(actions, { minLength: STEPS_MAX, maxLength: STEPS_MAX }),
    finalAction: fc.constantFrom(...FINAL_ACTIONS),
    grace: fc.integer({ min: 1, max: DAYS_MAX }),
  })
  .map(({ days, ofDay, finalAction, grace }) => {
    const steps = days
      .toSorted((a, b) => a - b)
      .map((offsetDays, index) => ({ offsetDays, actions: ofDay[index] ?? [{ kind: 'charge' } as const] }));
    const last = steps.at(-1)?.offsetDays ?? 0;
    return { steps, finalAction, finalAfterDays: Math.min(DAYS_MAX, last + grace) };
  });
