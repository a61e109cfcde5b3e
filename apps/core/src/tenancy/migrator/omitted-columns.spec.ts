import { describe, expect, it } from 'vitest';

import { addedColumns } from './added-columns.js';
import { omittedColumns, omittedFields } from './omitted-columns.js';
import { oldestServedVersion, requiredTenantVersion } from './schema-versions.js';

const SCHEMA = `
model PaymentMethod {
  /// note String @map("hidden_note")
  id        String  @id
  isDefault Boolean @default(false) @map("is_default")
  note      String?
  customer  Customer @relation(fields: [customerId], references: [id])

  @@map("payment_methods")
}

model plain {
  id    String @id
  extra Int?   @map("extra_number") @db.Integer
}
`;

describe('the columns that a database lacks', () => {
  it('are read off what the engine writes', () => {
    const sql = `-- AlterTable
ALTER TABLE "payment_methods" ADD COLUMN     "is_default" BOOLEAN NOT NULL DEFAULT false,
ADD COLUMN     "note" TEXT,
DROP COLUMN "old";
-- CreateTable
CREATE TABLE "fresh" ("id" TEXT NOT NULL);
ALTER TABLE "fresh" ADD COLUMN "more" TEXT;
ALTER TABLE plain ADD COLUMN IF NOT EXISTS extra_number numeric(10, 2);
ALTER TABLE plain ADD CONSTRAINT c CHECK (true);`;
    const columns = addedColumns([sql]);
    expect(columns).toEqual([
      { table: 'payment_methods', column: 'is_default' },
      { table: 'payment_methods', column: 'note' },
      { table: 'plain', column: 'extra_number' },
    ]);
    expect(omittedFields(columns, SCHEMA)).toEqual({
      paymentMethod: { isDefault: true, note: true },
      plain: { extra: true },
    });
  });

  it('are none on a database that is up to date or ahead', () => {
    expect(omittedColumns(requiredTenantVersion())).toEqual({});
    expect(omittedColumns('99990101000000_newer')).toEqual({});
    expect(omittedColumns(oldestServedVersion())).toBe(omittedColumns(oldestServedVersion()));
  });
});
