import { z } from 'zod';

import { MomentInputSchema, MomentSchema } from '../../platform/http/common-schemas.js';
import type { TestClockReading } from './read-test-clock.js';

export const TestClockSchema = z
  .object({
    object: z.literal('test_clock'),
    now: MomentSchema,
    frozen: z
      .boolean()
      .meta({ description: 'Whether it was moved and stands still, or still goes with real time.' }),
    advancingTo: MomentSchema.nullable().meta({
      description: 'Where it is on its way to; null when it is not.',
    }),
  })
  .meta({ id: 'TestClock' });
export type TestClockWire = z.infer<typeof TestClockSchema>;

export const ADVANCE_DAYS_MAX = 5 * 366;

export const AdvanceTestClockSchema = z
  .strictObject({
    to: MomentInputSchema.optional().meta({ description: 'Later than now, by five years at most.' }),
    days: z
      .int()
      .min(1)
      .max(ADVANCE_DAYS_MAX)
      .optional()
      .meta({ description: 'In place of `to`: so many days on from where the clock is.', example: 31 }),
  })
  .superRefine(({ to, days }, check) => {
    if ((to === undefined) !== (days === undefined)) return;
    check.addIssue({ code: 'custom', path: ['to'], message: 'give either this or days' });
  })
  .meta({ id: 'AdvanceTestClock' });
export type AdvanceTestClock = z.infer<typeof AdvanceTestClockSchema>;

/** The clock as callers see it. */
export function toTestClockWire({ now, frozen, advancingTo }: TestClockReading): TestClockWire {
  return {
    object: 'test_clock',
    now: now.toISOString(),
    frozen,
    advancingTo: advancingTo?.toISOString() ?? null,
  };
}
