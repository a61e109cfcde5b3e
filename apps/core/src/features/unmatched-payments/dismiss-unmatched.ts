import type { UnmatchedPayment } from '@nova/prisma-tenant';

import type { ExpectedVersions } from '../../platform/http/if-match.js';
import type { TenantContext } from '../../tenancy/tenant-context.js';
import { resolveParked } from './resolve-parked.js';
import { lockOpen, requireUnmatched } from './unmatched-payments.repository.js';
import type { DismissUnmatchedPayment } from './unmatched-payments.schemas.js';

/**
 * Says that nothing is to be done about parked money: it is another business's of the tenant's, for example.
 * @throws notFound, preconditionFailed, unmatchedPaymentResolved
 */
export async function dismissUnmatched(
  ctx: TenantContext,
  reference: string,
  { reason, expected }: DismissUnmatchedPayment & { expected: ExpectedVersions },
): Promise<UnmatchedPayment> {
  return ctx.transaction(async (tx) => {
    const { id } = await requireUnmatched(tx.db, reference);
    const row = await lockOpen(tx, id, expected);
    return resolveParked(ctx, tx, row, { status: 'dismissed', resolution: reason });
  });
}
