import { z } from 'zod';

import type { AutoTopUpRule } from '../../domain/balance/top-up.js';
import { AmountSchema } from '../../platform/http/common-schemas.js';

/** The rule as the wire and the wallet's row have it. */
export const AutoTopUpSchema = z
  .strictObject({
    threshold: AmountSchema.min(1).meta({ description: 'Topped up when the balance falls below it.' }),
    amount: AmountSchema.min(1).meta({
      description: 'By how much; by as many times of it as bring the balance back to the threshold.',
    }),
  })
  .meta({ id: 'AutoTopUp' });

/** The rule of a wallet's row; null when it has none. */
export function readAutoTopUp(column: unknown): AutoTopUpRule | null {
  if (column === null) return null;
  const { threshold, amount } = AutoTopUpSchema.parse(column);
  return { threshold: BigInt(threshold), amount: BigInt(amount) };
}
