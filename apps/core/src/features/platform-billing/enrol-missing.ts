import type { CentralDatabase } from '../../tenancy/central/central-database.js';
import type { EnrolmentQueue } from './enrolment-queue.js';

/** As many as a worker can do until the next round. */
const PER_ROUND = 2_000;

/**
 * Asks for everybody to be enrolled who is not: tenants of before there were books, and those whose registration was
 * cut off behind its last line. And for those to be taken out who were deleted.
 */
export async function enrolMissing(central: CentralDatabase, queue: EnrolmentQueue): Promise<void> {
  const missing = await central.db.$queryRaw<{ id: string }[]>`
    SELECT t.id FROM tenants t
     WHERE t.kind = 'customer'
       AND CASE WHEN t.status IN ('active', 'suspended', 'archived')
                THEN NOT EXISTS (SELECT FROM tenant_entitlements e WHERE e.tenant_id = t.id)
                ELSE t.status = 'deleted' AND EXISTS (SELECT FROM tenant_entitlements e WHERE e.tenant_id = t.id) END
     ORDER BY t.id LIMIT ${PER_ROUND}`;
  for (const { id } of missing) await queue.add(id);
}
