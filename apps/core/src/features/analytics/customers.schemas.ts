import { z } from 'zod';

import { CurrencySchema } from '../../platform/wire/codes.js';
import { rangeFields, RatioSchema, signedAmount } from './analytics.schemas.js';

const { groupBy: _, ...range } = rangeFields;

export const CustomerAnalyticsSchema = z
  .object({
    object: z.literal('customer_analytics'),
    ...range,
    customers: z.int().meta({ description: 'That there are at the end, erased ones not counted.' }),
    newCustomers: z.int().meta({ description: 'Of these, the ones that were created in this time.' }),
    currencies: z.array(
      z
        .object({
          currency: CurrencySchema,
          payingAtStart: z
            .int()
            .meta({ description: 'Customers with recurring revenue when the time began.' }),
          payingAtEnd: z.int(),
          churned: z.int().meta({ description: 'Of those at the start, the ones without any at the end.' }),
          churnRate: RatioSchema.meta({ description: '`churned` of `payingAtStart`.' }),
          mrr: signedAmount.meta({ description: 'Monthly recurring revenue at the end.' }),
          arpu: signedAmount.nullable().meta({
            description: 'Average MRR of a paying customer at the end; null where there is none.',
          }),
          lifetimeValue: signedAmount.nullable().meta({
            description:
              'ARPU divided by the share of customers lost in a month (`churnRate` over the months asked for); null where nobody was lost.',
          }),
          collected: signedAmount.meta({
            description: 'Payments that succeeded in this time, less refunds.',
          }),
          payers: z.int().meta({ description: 'Customers whose payments these were.' }),
          ageing: z
            .object({
              notDue: signedAmount,
              days1To30: signedAmount,
              days31To60: signedAmount,
              days61To90: signedAmount,
              over90: signedAmount,
              total: signedAmount,
              customers: z.int(),
            })
            .meta({
              id: 'DebtAgeing',
              description:
                'What open invoices are to bring at this moment, by whole days since they were due.',
            }),
        })
        .meta({ id: 'CurrencyCustomers' }),
    ),
  })
  .meta({ id: 'CustomerAnalytics' });
export type CustomerAnalyticsWire = z.infer<typeof CustomerAnalyticsSchema>;
