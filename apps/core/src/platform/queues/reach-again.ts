import { setTimeout as sleep } from 'node:timers/promises';

import type { IQueueBackend } from 'bullmq';
import { PostgresQueueBackend } from 'bullmq';

/** How long whoever asked waits before he is told that the server is away, so that nobody asks without a pause. */
const PAUSE_MS = 1_000;

/**
 * Lets a backend in PostgreSQL try again to reach its server. BullMQ (6.7) remembers for ever that the first connection
 * failed: a queue would refuse every job until its process is started anew, and a worker would ask for the next job over
 * and over, each time refused at once from memory, so that nothing else of the process ever had its turn.
 */
export function reachingAgain(backend: IQueueBackend): IQueueBackend {
  if (!(backend instanceof PostgresQueueBackend)) return backend;
  for (const remembers of [backend, backend.connection]) {
    const ready = remembers.waitUntilReady.bind(remembers);
    remembers.waitUntilReady = async () => {
      try {
        await ready();
      } catch (error) {
        Reflect.deleteProperty(remembers, 'readyPromise');
        await sleep(PAUSE_MS, null, { ref: false });
        throw error;
      }
    };
  }
  return backend;
}
