import type { Config } from '../../platform/config/config.schema.js';
import { tryWithAdvisoryLock } from '../../platform/postgres/advisory-lock.js';
import { withClient } from '../servers/admin-client.js';
import { tenantBusy } from '../tenancy.errors.js';

/**
 * Runs the steps of one operation on a tenant as a whole, such as archiving, deleting or moving it, while nobody runs
 * another. The lock goes with its connection, so that an operator whose process died can call the same again at once.
 * @throws tenant_busy
 */
export async function withTenantLock<T>(
  { centralDatabaseUrl }: Pick<Config, 'centralDatabaseUrl'>,
  tenantId: string,
  work: () => Promise<T>,
): Promise<T> {
  const login = { connectionString: centralDatabaseUrl, application_name: 'nova-tenant-lock' };
  const done = await withClient(login, (client) =>
    tryWithAdvisoryLock(client, `nova:tenant:${tenantId}`, work),
  );
  if (!done) throw tenantBusy(`Another operation on ${tenantId} is under way.`);
  return done.result;
}
