import { describe, expect, it } from 'vitest';

import { filterMatches } from './event-filters.js';

describe('filterMatches', () => {
  it.each([
    ['*', ['invoice.finalized', 'invoice.voided', 'invoice_item.created', 'invoice', 'customer.created']],
    ['invoice.*', ['invoice.finalized', 'invoice.voided']],
    ['invoice.voided', ['invoice.voided']],
    ['invoice', ['invoice']],
    ['voided', []],
    ['.*', []],
    ['', []],
  ])('lets through by “%s” %j', (filter, passed) => {
    const types = [
      'invoice.finalized',
      'invoice.voided',
      'invoice_item.created',
      'invoice',
      'customer.created',
    ];
    expect(types.filter((type) => filterMatches(filter, type))).toEqual(passed);
  });
});
