import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { policyProblems } from './check-policy.js';
import { dunningPlans } from './dunning.arbitrary.js';
import {
  doesNothing,
  type DunningPlan,
  type DunningStep,
  STANDARD_STEPS,
  standardFinalDay,
} from './dunning-policy.js';

const charge = (offsetDays: number): DunningStep => ({ offsetDays, actions: [{ kind: 'charge' }] });
const plan = (steps: readonly DunningStep[], finalAfterDays = standardFinalDay(steps)): DunningPlan => ({
  steps,
  finalAction: 'cancel',
  finalAfterDays,
});
const pathsOf = (of: DunningPlan) => policyProblems(of).map(({ path }) => path.join('.'));

describe('a policy', () => {
  it('is the standard one without more ado', () => {
    expect(policyProblems(plan(STANDARD_STEPS))).toEqual([]);
    expect(standardFinalDay(STANDARD_STEPS)).toBe(21);
  });

  it.each([
    { what: 'two steps on one day', of: plan([charge(2), charge(2)]), path: 'steps.1.offsetDays' },
    { what: 'steps out of order', of: plan([charge(5), charge(2)], 9), path: 'steps.1.offsetDays' },
    { what: 'half a day', of: plan([charge(1.5)]), path: 'steps.0.offsetDays' },
    { what: 'a day before it began', of: plan([charge(-1)]), path: 'steps.0.offsetDays' },
    { what: 'a step after a year', of: plan([charge(365)]), path: 'steps.0.offsetDays' },
    { what: 'a charge at once', of: plan([charge(0)]), path: 'steps.0.actions' },
    { what: 'a step that does nothing', of: plan([{ offsetDays: 1, actions: [] }]), path: 'steps.0.actions' },
    {
      what: 'two charges in a step',
      of: plan([{ offsetDays: 1, actions: [{ kind: 'charge' }, { kind: 'charge' }] }]),
      path: 'steps.0.actions',
    },
    { what: 'an end on the day of the last step', of: plan([charge(7)], 7), path: 'finalAfterDays' },
    { what: 'an end after more than a year', of: plan([charge(7)], 366), path: 'finalAfterDays' },
    {
      what: 'more than twenty steps',
      of: plan(Array.from({ length: 21 }, (_, day) => charge(day + 1))),
      path: 'steps',
    },
  ])('does not have $what', ({ of, path }) => {
    expect(pathsOf(of)).toContain(path);
  });

  it('may be made of anything else', () => {
    fc.assert(
      fc.property(dunningPlans, (of) => {
        expect(policyProblems(of)).toEqual([]);
      }),
    );
  });

  it('without steps and end leaves customers in peace', () => {
    expect(doesNothing({ steps: [], finalAction: 'none', finalAfterDays: 7 })).toBe(true);
    expect(doesNothing({ steps: [], finalAction: 'cancel', finalAfterDays: 7 })).toBe(false);
    expect(doesNothing({ steps: [charge(1)], finalAction: 'none', finalAfterDays: 7 })).toBe(false);
  });
});
