import { z } from 'zod';

import { MomentSchema } from '../../platform/http/common-schemas.js';
import { CurrencySchema } from '../../platform/wire/codes.js';
import { rangeFields, signedAmount } from './analytics.schemas.js';

const MoneySchema = z
  .object({
    billed: signedAmount.meta({
      description: 'Totals of the invoices that were issued, with tax; prepayments are not among them.',
    }),
    tax: signedAmount.meta({ description: 'The tax in it.' }),
    prepaid: signedAmount.meta({ description: 'Totals of invoices for topping wallets up.' }),
    voided: signedAmount.meta({ description: 'Totals of invoices that were taken back.' }),
    credited: signedAmount.meta({ description: 'Totals of credit notes, less those that were voided.' }),
    writtenOff: signedAmount.meta({
      description: 'What was due of invoices when they were given up, and has not been paid since.',
    }),
    collected: signedAmount.meta({
      description:
        'Payments that succeeded, by hand or by a provider, with what was more than due; unmatched money once it is a payment.',
    }),
    refunded: signedAmount.meta({ description: 'Refunds of payments that succeeded.' }),
  })
  .meta({ id: 'RevenueMoney' });

const MrrSchema = z
  .object({
    start: signedAmount,
    new: signedAmount,
    expansion: signedAmount,
    contraction: signedAmount.meta({ description: 'Zero or less.' }),
    churn: signedAmount.meta({ description: 'Zero or less: subscriptions that ended or were paused.' }),
    reactivation: signedAmount,
    end: signedAmount.meta({ description: 'The start and all that moved it.' }),
  })
  .meta({
    id: 'RevenueMrr',
    description:
      'Monthly recurring revenue: recurring prices in a month, without tax, after recurring discounts; no usage, no trials.',
  });

export const RevenueSchema = z
  .object({
    object: z.literal('revenue_analytics'),
    ...rangeFields,
    currencies: z.array(
      z
        .object({
          currency: CurrencySchema,
          money: MoneySchema,
          mrr: MrrSchema,
          arr: signedAmount.meta({ description: 'Twelve times the MRR at the end.' }),
          outstanding: z
            .object({
              amount: signedAmount.meta({ description: 'Due by open invoices, at this moment.' }),
              overdue: signedAmount.meta({ description: 'The part that should have been paid by now.' }),
              invoices: z.int(),
            })
            .meta({ id: 'RevenueOutstanding' }),
          data: z.array(
            z
              .object({ start: MomentSchema, end: MomentSchema, money: MoneySchema, mrr: MrrSchema })
              .meta({ id: 'RevenueBucket' }),
          ),
        })
        .meta({ id: 'CurrencyRevenue' }),
    ),
  })
  .meta({ id: 'RevenueAnalytics' });
export type RevenueWire = z.infer<typeof RevenueSchema>;
export type MoneyWire = z.infer<typeof MoneySchema>;
export type MrrWire = z.infer<typeof MrrSchema>;
