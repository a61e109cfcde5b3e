import { KeyRingError } from './key-ring-error.js';
import type { CentralQueries } from './data-keys.js';
import type { MasterKeys } from './master-keys.js';

/** How the connection by which a process hears of changes is called in PostgreSQL. */
const LISTENER = 'nova-changes';
/** PostgreSQL cuts the name of an application off after 63 bytes. */
const NAME_LENGTH_MAX = 63;

/** The name of a process's listening connection. It says which master keys the process has, so that none is locked out. */
export function listenerName(masters: MasterKeys): string {
  return `${LISTENER} ${masters.ids.join(',')}`.slice(0, NAME_LENGTH_MAX);
}

/**
 * Refuses to wrap data keys with a master key that a running process does not have: it could not open what is sealed
 * afterwards.
 * @throws KeyRingError
 */
export async function refuseWhileProcessesLack(central: CentralQueries, masters: MasterKeys): Promise<void> {
  const { rows } = await central.query<{ name: string; client: string }>(
    `SELECT application_name AS name, COALESCE(host(client_addr), 'this machine') AS client
       FROM pg_stat_activity WHERE datname = current_database() AND starts_with(application_name, $1)`,
    [LISTENER],
  );
  const lacking = rows.filter(({ name }) => !masterKeyIdsIn(name).includes(masters.present.id));
  if (lacking.length > 0) throw KeyRingError.processesLack(lacking.map(({ client }) => client));
}

function masterKeyIdsIn(name: string): string[] {
  return name.slice(LISTENER.length).trim().split(',');
}
