import { loadConfigOrExit } from '@nova/core/platform/config/load-config-or-exit.js';
import { LOGGER } from '@nova/core/platform/log/log.module.js';
import { startOrExit } from '@nova/core/tenancy/keys/start-or-exit.js';
import type { Logger } from 'pino';

import { createWorker } from './create-worker.js';

/** Longer than jobs are waited for, so that only a connection that does not close runs into it. */
const STOP_LIMIT_MS = 30_000;

const config = loadConfigOrExit(process.env);
const app = await startOrExit(() => createWorker(config));
const log = app.get<Logger>(LOGGER);
log.info('The worker is ready.');

async function stop(signal: NodeJS.Signals): Promise<void> {
  log.info({ signal }, 'The worker is stopping.');
  setTimeout(() => {
    log.error('The worker did not stop in time.');
    process.exit(1);
  }, STOP_LIMIT_MS).unref();
  await app.close();
  process.exit(0);
}

for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, (name) => void stop(name));
