import { z } from 'zod';

import { AmountSchema, MomentInputSchema } from '../../platform/http/common-schemas.js';
import { listQuery } from '../../platform/http/pagination.js';
import { CurrencySchema } from '../../platform/wire/codes.js';
import { externalIdSchema } from '../../platform/wire/external-id.js';
import { MetadataPatchSchema, MetadataSchema } from '../../platform/wire/metadata.js';
import { lineText } from '../../platform/wire/text.js';
import { AutoTopUpSchema } from './auto-top-up-rule.js';
import { GRANT_STATUSES, WALLET_STATUSES } from './wallet-wire.js';

const PrioritySchema = z
  .int()
  .min(0)
  .max(1_000)
  .meta({ description: 'Wallets with lower ones are drawn first.', example: 50 });

export const CreateWalletSchema = z
  .strictObject({
    customerId: z.string().min(1).max(255),
    externalId: externalIdSchema('wal').optional(),
    name: lineText({ max: 100 }),
    currency: CurrencySchema.optional().meta({ description: 'The customer’s, else yours, unless given.' }),
    priority: PrioritySchema.default(50),
    autoTopUp: AutoTopUpSchema.nullable().optional(),
    metadata: MetadataSchema.default({}),
  })
  .meta({ id: 'CreateWallet' });
export type CreateWallet = z.infer<typeof CreateWalletSchema>;

export const UpdateWalletSchema = z
  .strictObject({
    externalId: externalIdSchema('wal').nullable().optional(),
    name: lineText({ max: 100 }).optional(),
    priority: PrioritySchema.optional(),
    autoTopUp: AutoTopUpSchema.nullable().optional().meta({ description: 'Null takes the rule away.' }),
    metadata: MetadataPatchSchema.optional(),
  })
  .meta({ id: 'UpdateWallet' });
export type UpdateWallet = z.infer<typeof UpdateWalletSchema>;

export const TopUpWalletSchema = z
  .strictObject({
    amount: AmountSchema.min(1),
    kind: z.enum(['paid', 'free']).default('paid').meta({
      description: '`paid` makes an invoice and is there when that is paid; `free` is given at once.',
    }),
    expiresAt: MomentInputSchema.optional().meta({ description: 'Never unless given.' }),
  })
  .meta({ id: 'TopUpWallet' });
export type TopUpWallet = z.infer<typeof TopUpWalletSchema>;

export const CloseWalletSchema = z
  .strictObject({
    unused: z.enum(['balance', 'give_up']).default('balance').meta({
      description:
        'What becomes of what was paid for and is left: it goes to the customer’s balance, or is given up.',
    }),
  })
  .prefault({})
  .meta({ id: 'CloseWallet' });
export type CloseWallet = z.infer<typeof CloseWalletSchema>;

const id = z.string().min(1).max(255).optional();

export const ListWalletsQuerySchema = listQuery({
  status: z.enum(WALLET_STATUSES).optional(),
  customer: id,
  externalId: id,
});
export type ListWalletsQuery = z.infer<typeof ListWalletsQuerySchema>;

export const ListTopUpsQuerySchema = listQuery({ status: z.enum(GRANT_STATUSES).optional() });
export type ListTopUpsQuery = z.infer<typeof ListTopUpsQuerySchema>;

export const ListWalletEntriesQuerySchema = listQuery({ invoice: id });
export type ListWalletEntriesQuery = z.infer<typeof ListWalletEntriesQuerySchema>;
