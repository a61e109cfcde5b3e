import { setTimeout as sleep } from 'node:timers/promises';

import type { ConnectionOptions, QueueOptions, Worker } from 'bullmq';
import {
  createPostgresBackend,
  createRedisBackend,
  isPgPool,
  RedisQueueBackend,
  setDefaultBackendFactory,
} from 'bullmq';
import { Redis } from 'ioredis';
import type { Logger } from 'pino';

import type { Config } from '../config/config.schema.js';
import { createPool } from '../postgres/create-pool.js';
import { reachingAgain } from './reach-again.js';

export const QUEUE_SCHEMA = 'bullmq';
const DAY_SECONDS = 86_400;

/**
 * BullMQ asks one factory per process for its backends. This one looks at the connection that each queue was given,
 * so that apps on different backends can live in one process, and setting it again changes nothing.
 */
setDefaultBackendFactory((name, options: QueueOptions, extras) => {
  const connection: unknown = options.connection;
  return isPgPool(connection)
    ? reachingAgain(createPostgresBackend(name, { ...options, connection }, extras))
    : createRedisBackend(name, options, extras);
});

/** The one connection, or pool of them, that all queues of an app share. */
export interface QueueConnection {
  /** As BullMQ takes it, whichever backend it is for. */
  readonly bullConnection: ConnectionOptions;
  close(): Promise<void>;
}

/** Connects to where the configuration keeps its queues: a pool in PostgreSQL, or Redis. */
export function connectQueues(config: Pick<Config, 'queue'>, log: Logger): QueueConnection {
  const onError = (error: Error) => log.warn({ err: error }, 'A connection to the queues was lost.');
  return config.queue.backend === 'postgres'
    ? connectPostgres(config.queue, onError)
    : connectRedis(config.queue.url, onError);
}

function connectPostgres(
  queue: { url: string; poolSize: number },
  onError: (error: Error) => void,
): QueueConnection {
  const pool = createPool(
    {
      connectionString: queue.url,
      max: queue.poolSize,
      options: `-c search_path=${QUEUE_SCHEMA}`,
      application_name: 'nova-queues',
    },
    onError,
  );
  // Every queue and worker listens to the shared pool.
  pool.setMaxListeners(0);
  return { bullConnection: pool, close: () => pool.end() };
}

function connectRedis(url: string, onError: (error: Error) => void): QueueConnection {
  // A worker waits for Redis however long it is away; whoever adds a job gives up by a time limit of its own.
  const redis = new Redis(url, { maxRetriesPerRequest: null, connectionName: 'nova-queues' });
  redis.setMaxListeners(0);
  redis.on('error', onError);
  return {
    bullConnection: redis,
    close: async () => {
      redis.disconnect();
    },
  };
}

/** What every queue of an app is made with. */
export function queueOptions(connection: QueueConnection): QueueOptions {
  return {
    connection: connection.bullConnection,
    // The braces keep all keys of the platform in one slot of a Redis cluster.
    prefix: '{nova}',
    defaultJobOptions: {
      // A job that is done is remembered for a while, so that the same one added again is known as done.
      removeOnComplete: { age: DAY_SECONDS / 4 },
      removeOnFail: { age: 7 * DAY_SECONDS },
    },
  };
}

/**
 * Whether the worker may be closed gently. One that is just reconnecting to Redis would wait for the end of a
 * connection that it does not have, for ever.
 */
export async function isConnected(worker: Worker): Promise<boolean> {
  const backend: unknown = worker.getBackend();
  if (!(backend instanceof RedisQueueBackend)) return true;
  // The client is promised until it has connected once.
  const client = await Promise.race([backend.blockingClient, sleep(100, null, { ref: false })]);
  return client?.status === 'ready';
}
