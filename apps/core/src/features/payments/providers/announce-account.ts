import type { PaymentAccount } from '@nova/prisma-central';

import type { CentralTransaction } from '../../../tenancy/central/central-database.js';
import { announce } from '../../../tenancy/central/changes.js';

/** Tells every process that an account is another than it was, or is gone; `before` is what it was. */
export function announceAccount(
  tx: CentralTransaction,
  before: Pick<PaymentAccount, 'tenantDatabaseId' | 'provider' | 'webhookTokenHash'>,
): Promise<void> {
  const { tenantDatabaseId: databaseId, provider, webhookTokenHash: tokenHash } = before;
  return announce(tx, { kind: 'payment_account', databaseId, provider, tokenHash });
}
