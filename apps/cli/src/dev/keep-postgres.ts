import { setTimeout as sleep } from 'node:timers/promises';

import {
  type EmbeddedPostgres,
  startEmbeddedPostgres,
} from '@nova/core/platform/embedded/embedded-postgres.js';
import { StartupError } from '@nova/core/platform/embedded/startup-error.js';

const RESTARTS_MAX = 5;
const WITHIN_MS = 60_000;
const PAUSE_MS = 200;

export interface KeptPostgres {
  stop(): Promise<void>;
}

interface KeepOptions {
  dataDir: string;
  log: (line: string) => void;
  /** The server cannot be kept running. */
  giveUp: (error: StartupError) => void;
}

/** Starts the server again, on the same port, whenever it ends without having been asked to. */
export function keepPostgresRunning(first: EmbeddedPostgres, options: KeepOptions): KeptPostgres {
  let current = first;
  let stopping = false;
  const ends: number[] = [];

  const restart = async (): Promise<void> => {
    const now = performance.now();
    ends.push(now);
    if (ends.filter((at) => now - at < WITHIN_MS).length > RESTARTS_MAX) {
      throw new StartupError(
        'PostgreSQL ends again and again.',
        `look at postgres.log in ${options.dataDir}.`,
      );
    }
    options.log('PostgreSQL has ended unexpectedly: starting it again');
    await sleep(PAUSE_MS);
    const { port } = current;
    const next = await startEmbeddedPostgres({ dataDir: options.dataDir, port, log: options.log });
    current = next;
    if (next.port !== port) {
      throw new StartupError(`PostgreSQL’s port ${port} was taken meanwhile.`, 'start NovaBilling again.');
    }
    options.log('PostgreSQL is back');
  };

  const watch = async (): Promise<void> => {
    while (!stopping) {
      await current.ended;
      if (!stopping) await restart();
    }
  };

  const watching = watch().catch((error: unknown) => options.giveUp(asStartupError(error)));
  return {
    stop: async () => {
      stopping = true;
      await current.stop();
      await watching;
      // A restart that was under way when we were asked has brought up another server.
      await current.stop();
    },
  };
}

function asStartupError(error: unknown): StartupError {
  if (error instanceof StartupError) return error;
  const message = error instanceof Error ? error.message : String(error);
  return new StartupError(`PostgreSQL could not be started again: ${message}`, 'start NovaBilling again.');
}
