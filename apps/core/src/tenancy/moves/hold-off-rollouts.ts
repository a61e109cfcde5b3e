import type { Config } from '../../platform/config/config.schema.js';
import { tryWithSharedLock } from '../../platform/postgres/advisory-lock.js';
import { withClient } from '../servers/admin-client.js';
import { tenantMoveRefused } from '../tenancy.errors.js';

/**
 * Runs `work` while no roll-out of migrations is under way and none can begin: a database that is migrated while it is
 * copied has two versions. Several moves may share this.
 * @throws tenant_move_refused
 */
export async function holdOffRollouts<T>(
  { centralDatabaseUrl }: Pick<Config, 'centralDatabaseUrl'>,
  work: () => Promise<T>,
): Promise<T> {
  const login = { connectionString: centralDatabaseUrl, application_name: 'nova-move' };
  const done = await withClient(login, (client) => tryWithSharedLock(client, 'nova:fleet', work));
  if (!done) throw tenantMoveRefused('A roll-out of migrations is under way: move the tenant afterwards.');
  return done.result;
}
