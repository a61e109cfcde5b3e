import type { QueryConfig } from 'pg';
import { RateLimiterPostgres } from 'rate-limiter-flexible';

import { createPool } from '../postgres/create-pool.js';
import { Repeater } from '../timers/repeater.js';
import { counterOptions, type RateLimitStore, STORE_PATIENCE_MS } from './rate-limit-store.js';

const TABLE = 'rate_limits';
const POOL_SIZE = 2;
/** After a failure the store is left alone for so long: whoever waits for a server that hangs, waits once. */
const REST_MS = 1_000;
const CLEAN_UP_INTERVAL_MS = 600_000;

/**
 * Counts in the table `rate_limits` of the central database, on a small pool of its own: a flood takes no connection
 * from anybody. What a crash of the server loses of it is no loss, so that its commits do not wait for the disk.
 */
export function openPostgresStore(url: string, onError: (error: unknown) => void): RateLimitStore {
  const pool = createPool(
    {
      connectionString: url,
      max: POOL_SIZE,
      connectionTimeoutMillis: STORE_PATIENCE_MS,
      query_timeout: STORE_PATIENCE_MS,
      options: '-c synchronous_commit=off',
      application_name: 'nova-limits',
    },
    onError,
  );
  const cleanUp = new Repeater(
    async () => {
      await pool.query(
        `DELETE FROM ${TABLE} WHERE expire < (extract(epoch FROM now() - interval '1 hour') * 1000)::bigint`,
      );
    },
    CLEAN_UP_INTERVAL_MS,
    onError,
  );
  cleanUp.start();
  const storeClient = restingAfterFailure((query) => pool.query(query), onError);
  return {
    counter: (policy, limit) =>
      new RateLimiterPostgres({
        ...counterOptions(policy, limit),
        storeClient,
        storeType: 'pool',
        tableName: TABLE,
        tableCreated: true,
        clearExpiredByTimeout: false,
      }),
    connect: () => pool.query('SELECT 1').then(ignore, onError),
    close: async () => {
      await cleanUp.stop();
      await pool.end();
    },
  };
}

/** What the limiter asks of a pool. Its statements lose their names, which a pooler between us would not know. */
function restingAfterFailure(
  ask: (query: QueryConfig) => Promise<unknown>,
  onError: (error: unknown) => void,
): { query: (query: QueryConfig) => Promise<unknown> } {
  let restUntil = 0;
  return {
    query: async ({ text, values }) => {
      if (performance.now() < restUntil)
        throw new Error('The store of rate limits is left alone for a moment.');
      try {
        return await ask({ text, ...(values ? { values } : {}) });
      } catch (error) {
        restUntil = performance.now() + REST_MS;
        onError(error);
        throw error;
      }
    },
  };
}

function ignore(): void {
  // Only that it answered matters.
}
