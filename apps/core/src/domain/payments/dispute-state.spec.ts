import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { disputeAfter, type DisputeStatus, isClosed } from './dispute-state.js';

const STATUS = fc.constantFrom<DisputeStatus>('open', 'under_review', 'won', 'lost');

describe('disputeAfter', () => {
  it('comes to the same end in whatever order it is told', () => {
    const told: DisputeStatus[] = ['open', 'under_review', 'lost'];
    fc.assert(
      fc.property(
        fc.shuffledSubarray(told, { minLength: 3 }),
        fc.array(fc.constantFrom(...told)),
        (order, more) => {
          expect([...order, ...more].reduce(disputeAfter)).toBe('lost');
        },
      ),
    );
  });

  it('keeps what was decided', () => {
    fc.assert(
      fc.property(STATUS, STATUS, (known, told) => {
        fc.pre(isClosed(known));
        expect(disputeAfter(known, told)).toBe(known);
      }),
    );
  });
});
