import { describe, expect, it } from 'vitest';

import { paymentStates, type PaymentVerb } from './payment-state.js';

const VERBS: readonly PaymentVerb[] = ['wait', 'succeed', 'fail'];

describe('a payment', () => {
  it.each([
    ['created', 'waits or ends', ['wait → pending', 'succeed → succeeded', 'fail → failed']],
    ['pending', 'waits on or ends', ['wait → pending', 'succeed → succeeded', 'fail → failed']],
    ['succeeded', 'stays so, whatever is reported later', []],
    ['failed', 'is overruled by late success only', ['succeed → succeeded']],
  ] as const)('that is %s %s', (from, _, moves) => {
    const possible = VERBS.filter((verb) => paymentStates.canMove(from, verb));
    expect(possible.map((verb) => `${verb} → ${paymentStates.next(from, verb)}`)).toEqual(moves);
  });

  it('says of itself what it is when it cannot move', () => {
    expect(() => paymentStates.next('succeeded', 'fail')).toThrow(
      'a payment: fail is not possible in the status succeeded.',
    );
  });
});
