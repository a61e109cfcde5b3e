import { Queue, type QueueOptions } from 'bullmq';
import type { Logger } from 'pino';

import type { Config } from '../config/config.schema.js';
import { QUEUES, type QueueName } from './catalogue.js';
import { connectQueues, queueOptions } from './queue-backend.js';

/** The queues of an app, and what workers on them are made with. */
export interface OpenedQueues {
  readonly all: ReadonlyMap<QueueName, Queue>;
  of(name: QueueName): Queue;
  readonly options: Pick<QueueOptions, 'connection' | 'prefix'>;
  close(): Promise<void>;
}

const NAMES = Object.keys(QUEUES) as QueueName[];

/** Opens every queue of the catalogue on one connection. Connections that are lost are made again by themselves. */
export function openQueues(config: Pick<Config, 'queue'>, log: Logger): OpenedQueues {
  const connection = connectQueues(config, log);
  const options = queueOptions(connection);
  const all = new Map(NAMES.map((name) => [name, new Queue(name, options)]));
  for (const [name, queue] of all) {
    // Without a listener an error would be thrown where nobody catches it.
    queue.on('error', (error) => log.warn({ err: error, queue: name }, 'A queue has lost its connection.'));
  }
  return {
    all,
    of: (name) => {
      const queue = all.get(name);
      if (!queue) throw new Error(`There is no queue ${name}.`);
      return queue;
    },
    options: { connection: options.connection, prefix: options.prefix },
    close: async () => {
      await Promise.all([...all.values()].map((queue) => queue.close()));
      await connection.close();
    },
  };
}
