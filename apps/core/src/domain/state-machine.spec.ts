import { describe, expect, it } from 'vitest';

import { invoiceStates } from './invoices/invoice-state.js';
import { paymentStates } from './payments/payment-state.js';
import { type StateMachine } from './state-machine.js';

/** Every pair of status and verb, asked of the machine, as `from verb → to` or `from verb ✗`. */
function everyMove<S extends string, V extends string>(
  machine: StateMachine<S, V>,
  verbs: readonly V[],
): string[] {
  return Object.keys(machine.table).flatMap((from) =>
    verbs.map((verb) => {
      const possible = machine.canMove(from, verb);
      expect(machine.sources(verb).includes(from as S)).toBe(possible);
      if (!possible) expect(() => machine.next(from, verb)).toThrow(RangeError);
      return possible ? `${from} ${verb} → ${machine.next(from, verb)}` : `${from} ${verb} ✗`;
    }),
  );
}

describe('every move of every machine', () => {
  it('invoices: draft, open, then paid or void for good, or given up until paid or void after all', () => {
    expect(everyMove(invoiceStates, ['edit', 'finalize', 'settle', 'void', 'mark_uncollectible'])).toEqual([
      'draft edit → draft',
      'draft finalize → open',
      'draft settle ✗',
      'draft void ✗',
      'draft mark_uncollectible ✗',
      'open edit ✗',
      'open finalize ✗',
      'open settle → paid',
      'open void → void',
      'open mark_uncollectible → uncollectible',
      'paid edit ✗',
      'paid finalize ✗',
      'paid settle ✗',
      'paid void ✗',
      'paid mark_uncollectible ✗',
      'void edit ✗',
      'void finalize ✗',
      'void settle ✗',
      'void void ✗',
      'void mark_uncollectible ✗',
      'uncollectible edit ✗',
      'uncollectible finalize ✗',
      'uncollectible settle → paid',
      'uncollectible void → void',
      'uncollectible mark_uncollectible ✗',
    ]);
  });

  it('payments: an attempt ends, and only late success overrules how', () => {
    expect(everyMove(paymentStates, ['wait', 'succeed', 'fail'])).toEqual([
      'created wait → pending',
      'created succeed → succeeded',
      'created fail → failed',
      'pending wait → pending',
      'pending succeed → succeeded',
      'pending fail → failed',
      'succeeded wait ✗',
      'succeeded succeed ✗',
      'succeeded fail ✗',
      'failed wait ✗',
      'failed succeed → succeeded',
      'failed fail ✗',
    ]);
  });

  it.each(['', 'Draft', 'toString', '__proto__'])('the status "%s" is not one', (from) => {
    expect(() => invoiceStates.canMove(from, 'void')).toThrow(RangeError);
    expect(() => invoiceStates.next(from, 'void')).toThrow(RangeError);
  });
});
