import type { CentralTransaction } from '../central/central-database.js';

/**
 * Lets the due work of a tenant come up again with the next tick, in the transaction that lets the tenant work again: a
 * claim that was taken before it was stopped would otherwise have to expire first. Jobs that wait on a queue are called
 * up by the workers that put them off, as soon as they hear of the change.
 */
export async function wakeWork(tx: CentralTransaction, tenantId: string): Promise<void> {
  await tx.$executeRaw`
    UPDATE due_work w SET claimed_until = NULL
      FROM tenant_databases d
     WHERE d.id = w.tenant_database_id AND d.tenant_id = ${tenantId} AND w.claimed_until IS NOT NULL`;
}
