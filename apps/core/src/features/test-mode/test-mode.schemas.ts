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

export const AdvanceTestClockSchema = z
  .strictObject({ to: MomentInputSchema.meta({ description: 'Later than now, by five years at most.' }) })
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
