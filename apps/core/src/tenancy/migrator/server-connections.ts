import { setTimeout as sleep } from 'node:timers/promises';

import pg from 'pg';

import { sqlStateOf } from '../../platform/postgres/sql-state.js';
import type { DatabaseServer } from '../servers/admin-client.js';
import { MigrationError } from './migration-error.js';

const CONNECT_MS = 5_000;
/** Longer than the migrator waits for another one at the same database, the longest of what is not a migration. */
const ANSWER_MS = 150_000;
const CLOSE_MS = 2_000;
/** Between attempts to reach a server that may be restarting. */
const PAUSES_MS = [1_000, 3_000];
/** For how long the databases of a server that cannot be reached fail at once instead of each waiting in vain. */
const AWAY_MS = 30_000;
/** SQLSTATEs of a server that is there and takes no connection now: too many of them, starting, stopping. */
const NOT_NOW = new Set(['53300', '57P03', '57P01', '57P02']);

/** A server that could not be connected to, for a reason that holds for all of its databases. */
export class ServerUnreachable extends MigrationError {
  constructor(
    readonly server: DatabaseServer,
    cause: unknown,
  ) {
    const reason =
      cause instanceof Error ? cause.message || ('code' in cause ? String(cause.code) : '') : String(cause);
    super(`Its server ${server.name} (${server.host}:${server.port}) cannot be reached: ${reason}`, {
      cause,
    });
  }
}

/** Direct connections to databases of the fleet, each bounded in time whatever the server at the other end does. */
export class ServerConnections {
  private readonly awayUntil = new Map<string, { until: number; failure: ServerUnreachable }>();

  /**
   * Runs `work` on a connection of the administrator to this database, closed afterwards.
   * @throws ServerUnreachable after some attempts, and at once for a while after that
   */
  async with<T>(
    server: DatabaseServer,
    database: string | null,
    work: (client: pg.Client) => Promise<T>,
  ): Promise<T> {
    const client = await this.connect(server, database);
    let answers = false;
    try {
      const result = await work(client);
      answers = true;
      return result;
    } finally {
      await close(client, answers ? 'politely' : 'by force');
    }
  }

  private async connect(server: DatabaseServer, database: string | null): Promise<pg.Client> {
    for (let attempt = 0; ; attempt++) {
      const away = this.awayUntil.get(server.id);
      if (away && performance.now() < away.until) throw away.failure;
      try {
        return await connect(server, database);
      } catch (error) {
        const state = sqlStateOf(error);
        if (state !== null && !NOT_NOW.has(state)) throw error;
        const pause = PAUSES_MS[attempt];
        if (pause === undefined) {
          const failure = new ServerUnreachable(server, error);
          this.awayUntil.set(server.id, { until: performance.now() + AWAY_MS, failure });
          throw failure;
        }
        await sleep(pause);
      }
    }
  }
}

async function connect(server: DatabaseServer, database: string | null): Promise<pg.Client> {
  const url = new URL(server.adminUrl);
  if (database !== null) url.pathname = `/${encodeURIComponent(database)}`;
  const client = new pg.Client({
    connectionString: url.href,
    application_name: 'nova-migrator',
    connectionTimeoutMillis: CONNECT_MS,
    query_timeout: ANSWER_MS,
    keepAlive: true,
  });
  // A connection that is lost rejects the query on it; without a listener it would end the process as well.
  client.on('error', () => undefined);
  await client.connect();
  return client;
}

/** A server that has stopped answering does not say goodbye either: a client that is asked something is cut off. */
async function close(client: pg.Client, how: 'politely' | 'by force'): Promise<void> {
  if (how === 'by force') client.query('SELECT 1').catch(() => undefined);
  const ended = client.end().catch(() => undefined);
  await Promise.race([ended, sleep(CLOSE_MS, undefined, { ref: false })]);
}
