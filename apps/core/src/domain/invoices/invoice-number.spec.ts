import { describe, expect, it } from 'vitest';

import { formatInvoiceNumber } from './invoice-number.js';

describe('formatInvoiceNumber', () => {
  it.each([
    ['INV', 1n, 'INV-000001'],
    ['ACME-2026', 42, 'ACME-2026-000042'],
    ['INV', 999_999n, 'INV-999999'],
    ['INV', 1_000_000n, 'INV-1000000'],
  ])('%s and %s make %s', (prefix, sequence, number) => {
    expect(formatInvoiceNumber({ prefix, sequence })).toBe(number);
  });

  it.each(['', ' INV', '-INV', 'INV\n', 'Ọ̀YỌ́', 'A'.repeat(21)])('refuses the prefix "%s"', (prefix) => {
    expect(() => formatInvoiceNumber({ prefix, sequence: 1n })).toThrow(
      `"${prefix}" cannot be the prefix of invoice numbers.`,
    );
  });

  it.each([0n, -1n, 1.5])('refuses the sequence %s', (sequence) => {
    expect(() => formatInvoiceNumber({ prefix: 'INV', sequence })).toThrow(RangeError);
  });
});
