import { describe, expect, it } from 'vitest';

import { newId } from '../../platform/ids/new-id.js';
import { databaseOfReference, paymentReference, refundReference } from './payment-reference.js';

describe('our reference at a provider', () => {
  const databaseId = newId('tdb');

  it('names the tenant database, in what every provider takes', () => {
    const payment = paymentReference(databaseId, { invoiceId: newId('inv'), attempt: 12 });
    const refund = refundReference(databaseId, newId('rfn'));
    for (const reference of [payment, refund]) {
      expect(reference).toMatch(/^[A-Za-z0-9-]{1,70}$/);
      expect(databaseOfReference(reference)).toBe(databaseId);
    }
  });

  it('is not seen in what others write', () => {
    for (const text of [
      '',
      'INV-1',
      'inv_01ke4v7m2qf7ct3xv0ab9d8h6r-1',
      `${databaseId}-1`,
      'x'.repeat(300),
    ]) {
      expect(databaseOfReference(text)).toBeNull();
    }
  });
});
