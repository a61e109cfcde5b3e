import type { Wallet, WalletEntry, WalletGrant } from '@nova/prisma-tenant';
import { z } from 'zod';

import { toWireAmount } from '../../domain/money/money.js';
import { AmountSchema, MomentSchema } from '../../platform/http/common-schemas.js';
import { listOf } from '../../platform/http/pagination.js';
import { CurrencySchema } from '../../platform/wire/codes.js';
import { MetadataSchema, readMetadata } from '../../platform/wire/metadata.js';
import { AutoTopUpSchema } from './auto-top-up-rule.js';
import { WALLET_ENTRY_KINDS } from './move-wallet.js';

export const WALLET_STATUSES = ['active', 'closed'] as const;
export const GRANT_STATUSES = ['pending', 'active', 'used_up', 'expired', 'canceled'] as const;

export const WalletSchema = z
  .object({
    object: z.literal('wallet'),
    id: z.string(),
    externalId: z.string().nullable(),
    customerId: z.string(),
    name: z.string(),
    currency: CurrencySchema,
    balance: AmountSchema,
    status: z.enum(WALLET_STATUSES),
    priority: z.int().meta({ description: 'Wallets with lower ones are drawn first.' }),
    autoTopUp: AutoTopUpSchema.nullable(),
    closedAt: MomentSchema.nullable(),
    metadata: MetadataSchema,
    version: z.int(),
    createdAt: MomentSchema,
    updatedAt: MomentSchema,
  })
  .meta({ id: 'Wallet' });
export type WalletWire = z.infer<typeof WalletSchema>;
export const WalletListSchema = listOf(WalletSchema, 'WalletList');

export const WalletTopUpSchema = z
  .object({
    object: z.literal('wallet_top_up'),
    id: z.string(),
    walletId: z.string(),
    kind: z.enum(['paid', 'free']),
    status: z.enum(GRANT_STATUSES).meta({ description: '`pending` until its invoice is paid.' }),
    amount: AmountSchema,
    remaining: AmountSchema,
    invoiceId: z.string().nullable(),
    expiresAt: MomentSchema.nullable().meta({ description: 'The first moment at which it is gone.' }),
    createdAt: MomentSchema,
    updatedAt: MomentSchema,
  })
  .meta({ id: 'WalletTopUp' });
export type WalletTopUpWire = z.infer<typeof WalletTopUpSchema>;
export const WalletTopUpListSchema = listOf(WalletTopUpSchema, 'WalletTopUpList');

export const WalletEntrySchema = z
  .object({
    object: z.literal('wallet_entry'),
    id: z.string(),
    walletId: z.string(),
    topUpId: z.string().nullable(),
    kind: z.enum(WALLET_ENTRY_KINDS),
    amount: z.int().meta({ description: 'In minor units; below zero it was taken out.', example: -1050 }),
    balanceAfter: AmountSchema,
    invoiceId: z.string().nullable(),
    createdAt: MomentSchema,
  })
  .meta({ id: 'WalletEntry' });
export type WalletEntryWire = z.infer<typeof WalletEntrySchema>;
export const WalletEntryListSchema = listOf(WalletEntrySchema, 'WalletEntryList');

/** The wallet as callers see it. */
export function toWalletWire(row: Wallet): WalletWire {
  return {
    object: 'wallet',
    id: row.id,
    externalId: row.externalId,
    customerId: row.customerId,
    name: row.name,
    currency: row.currency as WalletWire['currency'],
    balance: toWireAmount(row.balance),
    status: row.status as WalletWire['status'],
    priority: row.priority,
    autoTopUp: row.autoTopUp as WalletWire['autoTopUp'],
    closedAt: row.closedAt?.toISOString() ?? null,
    metadata: readMetadata(row.metadata),
    version: row.version,
    createdAt: row.createdAt.toISOString(),
    updatedAt: row.updatedAt.toISOString(),
  };
}

/** A grant as callers see it: a top-up. */
export function toTopUpWire(row: WalletGrant): WalletTopUpWire {
  return {
    object: 'wallet_top_up',
    id: row.id,
    walletId: row.walletId,
    kind: row.kind as WalletTopUpWire['kind'],
    status: row.status as WalletTopUpWire['status'],
    amount: toWireAmount(row.amount),
    remaining: toWireAmount(row.remaining),
    invoiceId: row.invoiceId,
    expiresAt: row.expiresAt?.toISOString() ?? null,
    createdAt: row.createdAt.toISOString(),
    updatedAt: row.updatedAt.toISOString(),
  };
}

/** A movement of a wallet as callers see it. */
export function toWalletEntryWire(row: WalletEntry): WalletEntryWire {
  return {
    object: 'wallet_entry',
    id: row.id,
    walletId: row.walletId,
    topUpId: row.grantId,
    kind: row.kind as WalletEntryWire['kind'],
    amount: toWireAmount(row.amount),
    balanceAfter: toWireAmount(row.balanceAfter),
    invoiceId: row.invoiceId,
    createdAt: row.createdAt.toISOString(),
  };
}
