import { z } from 'zod';

import { AmountSchema, MomentInputSchema } from '../../platform/http/common-schemas.js';
import { listQuery } from '../../platform/http/pagination.js';
import { CurrencySchema } from '../../platform/wire/codes.js';
import { externalIdSchema } from '../../platform/wire/external-id.js';
import { MetadataPatchSchema, MetadataSchema } from '../../platform/wire/metadata.js';
import { lineText } from '../../platform/wire/text.js';
import { COUPON_DURATIONS, COUPON_KINDS } from './coupon-wire.js';

const PERIODS_MAX = 120;
const REDEMPTIONS_MAX = 1_000_000_000;
const LIMIT_MAX = 100;
const reference = z.string().min(1).max(255);

const name = lineText({ max: 200 }).describe('As invoices print it.');
const code = z
  .string()
  .regex(/^[A-Z0-9][A-Z0-9_-]{2,39}$/, 'must be 3 to 40 capital letters, digits, - or _')
  .meta({ description: 'What customers type in; theirs may be in small letters.', example: 'HARAMBEE10' });
const maxRedemptions = z.int().min(1).max(REDEMPTIONS_MAX).meta({
  description: 'How often it can be given out; never more often, however many ask at once.',
});
const redeemBy = MomentInputSchema.meta({ description: 'From then on nobody new gets it.' });

const AppliesToSchema = z
  .strictObject({
    planIds: z.array(reference).max(LIMIT_MAX).default([]),
    priceIds: z.array(reference).max(LIMIT_MAX).default([]),
  })
  .refine(({ planIds, priceIds }) => planIds.length + priceIds.length > 0, 'must name a plan or a price')
  .meta({
    id: 'CouponLimitInput',
    description:
      'Plans and prices by their ids or your external ids. A plan is named with all its versions; a price is one of a version, and the next version has prices of its own.',
  });

export const CreateCouponSchema = z
  .strictObject({
    name,
    externalId: externalIdSchema('cpn').optional(),
    code: code.optional(),
    kind: z.enum(COUPON_KINDS),
    percentOff: z
      .string()
      .regex(/^(0|[1-9]\d{0,2})(\.\d{1,6})?$/, 'Use a decimal such as "12.5"')
      .optional()
      .meta({ description: 'Of a `percentage`: more than 0, at most 100.', example: '12.5' }),
    amountOff: AmountSchema.min(1).optional().meta({ description: 'Of a `fixed` one, in minor units.' }),
    currency: CurrencySchema.optional().meta({
      description: 'Of a `fixed` one: it is taken off invoices in this currency.',
    }),
    duration: z.enum(COUPON_DURATIONS).meta({
      description:
        '`once`: one invoice, a fixed amount until it is used up. `repeating`: invoices of so many `periods`. `forever`: all.',
    }),
    periods: z.int().min(1).max(PERIODS_MAX).optional(),
    appliesTo: AppliesToSchema.optional().meta({ description: 'Everything unless given.' }),
    maxRedemptions: maxRedemptions.optional(),
    redeemBy: redeemBy.optional(),
    metadata: MetadataSchema.default({}),
  })
  .superRefine((coupon, check) => {
    const refuse = (key: string, message: string) => check.addIssue({ code: 'custom', path: [key], message });
    const isFixed = coupon.kind === 'fixed';
    for (const key of ['amountOff', 'currency'] as const) {
      if (isFixed && coupon[key] === undefined) refuse(key, 'is needed on a fixed coupon');
      if (!isFixed && coupon[key] !== undefined) refuse(key, 'is for fixed coupons; leave it out');
    }
    if (isFixed && coupon.percentOff !== undefined)
      refuse('percentOff', 'is for percentage coupons; leave it out');
    if (!isFixed) checkPercent(coupon.percentOff, (message) => refuse('percentOff', message));
    const repeats = coupon.duration === 'repeating';
    if (repeats && coupon.periods === undefined) refuse('periods', 'is needed on a repeating coupon');
    if (!repeats && coupon.periods !== undefined) refuse('periods', 'is for repeating coupons; leave it out');
  })
  .meta({ id: 'CreateCoupon' });
export type CreateCoupon = z.infer<typeof CreateCouponSchema>;

function checkPercent(percent: string | undefined, refuse: (message: string) => void): void {
  if (percent === undefined) return refuse('is needed on a percentage coupon');
  if (!/[1-9]/.test(percent)) return refuse('must be more than 0');
  const [whole = '', fraction = ''] = percent.split('.');
  if (whole.length === 3 && (whole !== '100' || /[1-9]/.test(fraction))) refuse('must not be more than 100');
}

export const UpdateCouponSchema = z
  .strictObject({
    name: name.optional(),
    externalId: externalIdSchema('cpn').nullable().optional(),
    code: code.nullable().optional(),
    maxRedemptions: maxRedemptions.nullable().optional(),
    redeemBy: redeemBy.nullable().optional(),
    active: z
      .boolean()
      .optional()
      .meta({ description: '`false` archives it: nobody new gets it, and who has it keeps it.' }),
    metadata: MetadataPatchSchema.optional(),
  })
  .meta({ id: 'UpdateCoupon', description: 'What it gives never changes: make another coupon for that.' });
export type UpdateCoupon = z.infer<typeof UpdateCouponSchema>;

export const ListCouponsQuerySchema = listQuery({
  active: z.enum(['true', 'false']).optional(),
  code: z.string().min(1).max(40).optional(),
  externalId: externalIdSchema('cpn').optional(),
});
export type ListCouponsQuery = z.infer<typeof ListCouponsQuerySchema>;
