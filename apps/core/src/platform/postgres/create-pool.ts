import pg from 'pg';

/**
 * A pool that a PostgreSQL restart cannot take the process down with: an error of a connection, idle or in use,
 * goes to `onError`, and the query that was on it rejects for its caller.
 */
export function createPool(config: pg.PoolConfig, onError: (error: Error) => void): pg.Pool;
export function createPool<P extends pg.Pool>(
  config: pg.PoolConfig,
  onError: (error: Error) => void,
  kind: new (config: pg.PoolConfig) => P,
): P;
export function createPool(
  config: pg.PoolConfig,
  onError: (error: Error) => void,
  kind: new (config: pg.PoolConfig) => pg.Pool = pg.Pool,
): pg.Pool {
  const pool = new kind({
    allowExitOnIdle: false,
    connectionTimeoutMillis: 5_000,
    idleTimeoutMillis: 30_000,
    // A backend's caches grow with every table it touches, so that connections are renewed now and then.
    maxLifetimeSeconds: 1_800,
    keepAlive: true,
    ...config,
  });
  pool.on('error', onError);
  // The pool listens to idle connections only; an error of one in use has no other listener and would be thrown.
  pool.on('connect', (client) => client.on('error', onError));
  return pool;
}
