import { within } from '../../platform/timers/within.js';
import { type DatabaseServer, withAdminClient } from '../servers/admin-client.js';

const LOOK_LIMIT_MS = 2_000;

/** A database server as it is at this moment. */
export interface ServerSight {
  readonly name: string;
  readonly region: string;
  readonly state: string;
  readonly reachable: boolean;
  /** Sessions of clients on the whole server, whoever's they are; null when it cannot be asked. */
  readonly connections: number | null;
  readonly connectionsMax: number | null;
  readonly databases: number;
}

/** A server's row, and how many tenant databases central has on it. */
export interface RegisteredServer {
  readonly server: DatabaseServer;
  readonly region: string;
  readonly databases: number;
}

/** Asks a server how many connections it has, of how many. One that does not answer in time is not reachable. */
export async function lookAtServer({ server, region, databases }: RegisteredServer): Promise<ServerSight> {
  const about = { name: server.name, region, state: server.state, databases };
  try {
    const asked = withAdminClient(server, (admin) =>
      admin.query<{ connections: number; connectionsMax: number }>(
        `SELECT (SELECT count(*)::int FROM pg_stat_activity WHERE backend_type = 'client backend') AS connections,
                current_setting('max_connections')::int AS "connectionsMax"`,
      ),
    );
    // The loser of the race fails later, when nobody waits for it any more.
    asked.catch(() => undefined);
    const { rows } = await within(LOOK_LIMIT_MS, asked);
    const { connections, connectionsMax } = rows[0] ?? { connections: null, connectionsMax: null };
    return { ...about, reachable: true, connections, connectionsMax };
  } catch {
    return { ...about, reachable: false, connections: null, connectionsMax: null };
  }
}
