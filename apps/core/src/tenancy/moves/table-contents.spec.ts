import { describe, expect, it } from 'vitest';

import { differences } from './table-contents.js';

const table = (name: string, rows: number, checksum: string) => ({ table: name, rows, checksum });

describe('the differences of two copies', () => {
  it('are none when every table has as many rows with the same sum', () => {
    const contents = [table('customers', 2, '17'), table('invoices', 0, '0')];
    expect(differences(contents, [...contents].reverse())).toEqual([]);
  });

  it('are told by table', () => {
    const source = [table('a', 2, '17'), table('b', 1, '5'), table('c', 3, '9')];
    const copy = [table('a', 1, '17'), table('b', 1, '6'), table('d', 0, '0')];
    expect(differences(source, copy)).toEqual([
      'a has 2 rows and its copy 1',
      'b has other values in its copy',
      'c is missing in the copy',
      'd is only in the copy',
    ]);
  });
});
