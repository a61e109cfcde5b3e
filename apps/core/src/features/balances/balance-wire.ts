import type { BalanceEntry, CustomerBalance } from '@nova/prisma-tenant';
import { z } from 'zod';

import { toWireAmount } from '../../domain/money/money.js';
import { AmountSchema, MomentSchema } from '../../platform/http/common-schemas.js';
import { listOf, listQuery } from '../../platform/http/pagination.js';
import { CurrencySchema } from '../../platform/wire/codes.js';
import { lineText } from '../../platform/wire/text.js';
import { BALANCE_ENTRY_KINDS } from './balance-entry-kinds.js';

export const BalanceSchema = z
  .object({
    object: z.literal('balance'),
    customerId: z.string(),
    balances: z
      .array(z.object({ currency: CurrencySchema, amount: AmountSchema, updatedAt: MomentSchema }))
      .meta({ description: 'One for each currency in which there ever was any.' }),
  })
  .meta({ id: 'Balance' });
export type BalanceWire = z.infer<typeof BalanceSchema>;

export const BalanceEntrySchema = z
  .object({
    object: z.literal('balance_entry'),
    id: z.string(),
    customerId: z.string(),
    currency: CurrencySchema,
    kind: z.enum(BALANCE_ENTRY_KINDS),
    amount: z
      .int()
      .meta({ description: 'In minor units; above zero is in the customer’s favour.', example: -1050 }),
    balanceAfter: AmountSchema,
    invoiceId: z.string().nullable(),
    creditNoteId: z.string().nullable(),
    note: z.string().nullable(),
    createdAt: MomentSchema,
  })
  .meta({ id: 'BalanceEntry' });
export type BalanceEntryWire = z.infer<typeof BalanceEntrySchema>;
export const BalanceEntryListSchema = listOf(BalanceEntrySchema, 'BalanceEntryList');

export const AdjustBalanceSchema = z
  .strictObject({
    currency: CurrencySchema,
    amount: z
      .int()
      .refine((amount) => amount !== 0, 'must not be 0')
      .meta({ description: 'In minor units; above zero gives, below zero takes.', example: 500000 }),
    note: lineText({ max: 500 }).meta({ description: 'Why: for those who ask later.' }),
  })
  .meta({ id: 'AdjustBalance' });
export type AdjustBalance = z.infer<typeof AdjustBalanceSchema>;

export const ListBalanceEntriesQuerySchema = listQuery({
  currency: CurrencySchema.optional(),
  kind: z.enum(BALANCE_ENTRY_KINDS).optional(),
});
export type ListBalanceEntriesQuery = z.infer<typeof ListBalanceEntriesQuerySchema>;

/** What a customer has, as callers see it. */
export function toBalanceWire(customerId: string, rows: readonly CustomerBalance[]): BalanceWire {
  return {
    object: 'balance',
    customerId,
    balances: rows.map(({ currency, amount, updatedAt }) => ({
      currency: currency as BalanceEntryWire['currency'],
      amount: toWireAmount(amount),
      updatedAt: updatedAt.toISOString(),
    })),
  };
}

/** A movement of a balance as callers see it. */
export function toBalanceEntryWire(row: BalanceEntry): BalanceEntryWire {
  return {
    object: 'balance_entry',
    id: row.id,
    customerId: row.customerId,
    currency: row.currency as BalanceEntryWire['currency'],
    kind: row.kind as BalanceEntryWire['kind'],
    amount: toWireAmount(row.amount),
    balanceAfter: toWireAmount(row.balanceAfter),
    invoiceId: row.invoiceId,
    creditNoteId: row.creditNoteId,
    note: row.note,
    createdAt: row.createdAt.toISOString(),
  };
}
