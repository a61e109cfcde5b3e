import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { billOf, type NamedBill, normalBill } from './bill-reference.js';

const NAME = fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9/._-]{0,19}$/);
const BLANKS = fc.stringMatching(/^[ \t\u00a0]{0,3}$/);

/** A name as somebody types it into a phone: in any case, with blanks anywhere. */
const typed = (name: string) =>
  fc
    .array(fc.record({ upper: fc.boolean(), blanks: BLANKS }), {
      minLength: name.length,
      maxLength: name.length,
    })
    .map((ways) =>
      ways
        .map(({ upper, blanks }, n) => {
          const letter = name.charAt(n);
          return blanks + (upper ? letter.toUpperCase() : letter.toLowerCase());
        })
        .join(''),
    );

const bill = (id: string, ...names: (string | null)[]): NamedBill => ({ id, names });

describe('billOf', () => {
  it('finds a bill by any of its names, however it is typed', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(NAME, { minLength: 2, maxLength: 8, selector: normalBill }).chain((names) =>
          fc.record({
            names: fc.constant(names),
            text: typed(names[0] ?? ''),
          }),
        ),
        ({ names, text }) => {
          const bills = names.map((name, n) => bill(`inv_${n}`, null, name));
          expect(billOf(text, bills)?.id).toBe('inv_0');
        },
      ),
    );
  });

  it('finds nothing by what nobody is named', () => {
    fc.assert(
      fc.property(NAME, fc.array(NAME), (text, names) => {
        fc.pre(names.every((name) => normalBill(name) !== normalBill(text)));
        expect(
          billOf(
            text,
            names.map((name, n) => bill(`inv_${n}`, name)),
          ),
        ).toBeNull();
      }),
    );
  });

  it('never guesses between two', () => {
    expect(billOf('a-1', [bill('inv_1', 'A-1'), bill('inv_2', null, 'a-1')])).toBeNull();
    expect(billOf('a-1', [bill('inv_1', 'A-1'), bill('inv_1', 'a-1')])?.id).toBe('inv_1');
  });

  it('takes an empty text for no name', () => {
    expect(billOf('', [bill('inv_1', '')])).toBeNull();
    expect(billOf(' \t', [bill('inv_1', null, ' ')])).toBeNull();
  });
});
