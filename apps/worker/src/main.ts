import { loadConfigOrExit } from '@nova/core/platform/config/load-config-or-exit.js';
import { startOrExit } from '@nova/core/tenancy/keys/start-or-exit.js';
import type { Logger } from 'pino';

/** Longer than jobs are waited for, so that only a connection that does not close runs into it. */
const STOP_LIMIT_MS = 30_000;

const config = loadConfigOrExit(process.env);
// Loaded once the settings are known to be right: whoever has a wrong one is told at once.
const { createWorker } = await import('./create-worker.js');
const { LOGGER } = await import('@nova/core/platform/log/log.module.js');
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
