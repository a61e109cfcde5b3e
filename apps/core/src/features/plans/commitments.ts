import { z } from 'zod';

import { AmountSchema } from '../../platform/http/common-schemas.js';
import { CurrencySchema } from '../../platform/wire/codes.js';

const CommitmentSchema = z
  .strictObject({ currency: CurrencySchema, amount: AmountSchema.min(1) })
  .meta({ id: 'PlanCommitment' });

/** The least that is spent per period, by currency. */
export const CommitmentsSchema = z.array(CommitmentSchema).max(20).meta({
  description:
    'The least that a subscriber spends each period, by currency: what is missing is billed at its end.',
});
export type Commitments = z.infer<typeof CommitmentsSchema>;

/** A commitment that cannot be: the index in the list, and why. */
interface CommitmentProblem {
  readonly index: number;
  readonly message: string;
}

/** Each currency once, and each one that a price has; a version without prices gets them later. */
export function commitmentProblems(
  commitments: Commitments,
  currencies: ReadonlySet<string>,
): CommitmentProblem[] {
  return commitments.flatMap(({ currency }, index) => {
    if (commitments.findIndex((other) => other.currency === currency) < index) {
      return [{ index, message: `has a commitment in ${currency} already` }];
    }
    if (currencies.size > 0 && !currencies.has(currency)) {
      return [{ index, message: `is in ${currency}, which no price has` }];
    }
    return [];
  });
}
