import { describe, expect, it } from 'vitest';

import { invoiceStates, type InvoiceVerb } from './invoice-state.js';

const VERBS: readonly InvoiceVerb[] = ['edit', 'finalize', 'settle', 'void', 'mark_uncollectible'];

describe('an invoice', () => {
  it.each([
    ['draft', 'may be edited until it is issued', ['edit → draft', 'finalize → open']],
    [
      'open',
      'is paid, taken back or given up',
      ['settle → paid', 'void → void', 'mark_uncollectible → uncollectible'],
    ],
    ['paid', 'stays so', []],
    ['void', 'stays so', []],
    ['uncollectible', 'may be paid or taken back after all', ['settle → paid', 'void → void']],
  ] as const)('that is %s %s', (from, _, moves) => {
    const possible = VERBS.filter((verb) => invoiceStates.canMove(from, verb));
    expect(possible.map((verb) => `${verb} → ${invoiceStates.next(from, verb)}`)).toEqual(moves);
  });

  it('says of itself what it is when it cannot move', () => {
    expect(() => invoiceStates.next('paid', 'void')).toThrow(
      'an invoice: void is not possible in the status paid.',
    );
  });
});
