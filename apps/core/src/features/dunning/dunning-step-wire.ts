import { z } from 'zod';

import {
  DAYS_MAX,
  type DunningStep,
  FINAL_ACTIONS,
  REMINDER_TEMPLATES,
  STEPS_MAX,
} from '../../domain/dunning/dunning-policy.js';

const template = z.enum(REMINDER_TEMPLATES).meta({ description: 'Which letter.' });

export const ActionSchema = z
  .discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('charge') }),
    z.strictObject({ kind: z.literal('email'), template }),
    z.strictObject({ kind: z.literal('sms'), template }),
  ])
  .meta({
    id: 'DunningAction',
    description:
      '`charge` tries the customer’s default payment method, unless it was refused for good or the invoice is one that is sent. `email` and `sms` remind the customer. A charge goes first: who has paid is not reminded.',
  });

const StepSchema = z
  .strictObject({
    offsetDays: z
      .int()
      .min(0)
      .max(DAYS_MAX - 1)
      .meta({ description: 'Days of your calendar after dunning began, at the same time of day.' }),
    actions: z.array(ActionSchema).min(1).max(3).meta({ description: 'At most one of a kind.' }),
  })
  .meta({ id: 'DunningStep' });

export const StepsSchema = z
  .array(StepSchema)
  .max(STEPS_MAX)
  .meta({ description: 'Each later than the one before. A charge comes on day 1 at the earliest.' });

export const FinalActionSchema = z.enum(FINAL_ACTIONS).meta({
  description:
    'What becomes of an invoice that is still not paid: nothing more, given up as a bad debt, or its subscription is paused or ends at once.',
});

/** The steps of a policy or of a run, which were checked on their way into the column. */
export function readSteps(json: unknown): readonly DunningStep[] {
  return json as readonly DunningStep[];
}

/** Steps as the column has them. */
export function stepsJson(steps: readonly DunningStep[]) {
  return steps.map(({ offsetDays, actions }) => ({
    offsetDays,
    actions: actions.map((action) => ({ ...action })),
  }));
}
