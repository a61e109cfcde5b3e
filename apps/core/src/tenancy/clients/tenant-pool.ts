import { Socket } from 'node:net';

import pg from 'pg';

import { createPool } from '../../platform/postgres/create-pool.js';
import { CONNECT_LIMIT_MS } from './tenant-login.js';

/** A bit above the `statement_timeout` of tenants' roles: PostgreSQL ends its statements itself, unless it is silent. */
const QUERY_LIMIT_MS = 35_000;
const KEEP_ALIVE_AFTER_MS = 10_000;

/** What a pool tells of its connections. */
export interface PoolEvents {
  /** A new connection was logged in. */
  connected(milliseconds: number): void;
  /** None could be made. What is returned is thrown in its place. */
  notConnected(error: Error): Error;
  /** One that was made was lost. */
  lost(error: Error): void;
}

export interface TenantPoolOptions {
  connectionString: string;
  max: number;
  idleMs: number;
}

type ConnectCallback = (
  error: Error | undefined,
  client: pg.PoolClient | undefined,
  done: (release?: unknown) => void,
) => void;

/** A client that knows since when it is being connected. */
class TimedClient extends pg.Client {
  readonly madeAt = performance.now();
}

/** A pool of `pg` whose failures to connect say what they mean here, whoever asked for the connection. */
class TenantPgPool extends pg.Pool {
  meaning: (error: Error) => Error = (error) => error;

  override connect(): Promise<pg.PoolClient>;
  override connect(callback: ConnectCallback): void;
  override connect(callback?: ConnectCallback): Promise<pg.PoolClient> | void {
    if (!callback) {
      return super.connect().catch((error: unknown) => {
        throw error instanceof Error ? this.meaning(error) : error;
      });
    }
    super.connect((error, client, done) => callback(error ? this.meaning(error) : error, client, done));
  }
}

/** The connections of one tenant's client: how long they have been at something, and how to end them without a word. */
export class TenantPool {
  readonly pool: pg.Pool;
  private readonly sockets = new Set<Socket>();
  private readonly busySince = new Map<pg.PoolClient, number>();

  constructor({ connectionString, max, idleMs }: TenantPoolOptions, events: PoolEvents) {
    const pool = createPool(
      {
        connectionString,
        max,
        idleTimeoutMillis: Math.min(30_000, idleMs),
        application_name: 'nova-tenant',
        connectionTimeoutMillis: CONNECT_LIMIT_MS,
        query_timeout: QUERY_LIMIT_MS,
        keepAliveInitialDelayMillis: KEEP_ALIVE_AFTER_MS,
        Client: TimedClient,
        stream: () => this.newSocket(),
      },
      (error) => events.lost(error),
      TenantPgPool,
    );
    pool.meaning = (error) => (isOurOwn(error) ? error : events.notConnected(error));
    pool.on('connect', (client) => {
      if (client instanceof TimedClient) events.connected(performance.now() - client.madeAt);
    });
    pool.on('acquire', (client) => this.busySince.set(client, performance.now()));
    pool.on('release', (_error, client) => this.busySince.delete(client));
    pool.on('remove', (client) => this.busySince.delete(client));
    this.pool = pool;
  }

  /** For how long the connection has been in use that was taken first; 0 when none is. */
  busyForMs(): number {
    const [first] = this.busySince.values();
    return first === undefined ? 0 : performance.now() - first;
  }

  /** Ends every connection at once. What is being done on one rejects, which a server that is silent would never do. */
  destroy(): void {
    for (const socket of this.sockets) socket.destroy();
  }

  private newSocket(): Socket {
    const socket = new Socket();
    this.sockets.add(socket);
    socket.once('close', () => this.sockets.delete(socket));
    return socket;
  }
}

/** All connections of this tenant are in use, or the pool is being closed: that says nothing of its database. */
function isOurOwn(error: Error): boolean {
  return (
    error.message === 'timeout exceeded when trying to connect' ||
    error.message.startsWith('Cannot use a pool')
  );
}
