import { loadConfigOrExit } from '@nova/core/platform/config/load-config-or-exit.js';
import { startOrExit } from '@nova/core/tenancy/keys/start-or-exit.js';
import type { Logger } from 'pino';

/** Longer than requests are waited for, so that only one that never ends runs into it. */
const STOP_LIMIT_MS = 40_000;

const config = loadConfigOrExit(process.env);
// Loaded once the settings are known to be right: whoever has a wrong one is told at once.
const { createApi } = await import('./create-api.js');
const { LOGGER } = await import('@nova/core/platform/log/log.module.js');
const app = await startOrExit(() => createApi(config));
const log = app.get<Logger>(LOGGER);
await app.listen(config.port, config.host);
log.info({ url: await app.getUrl() }, 'The API is ready.');

async function stop(signal: NodeJS.Signals): Promise<void> {
  log.info({ signal }, 'The API is stopping.');
  setTimeout(() => {
    log.error('The API did not stop in time.');
    process.exit(1);
  }, STOP_LIMIT_MS).unref();
  await app.close();
  process.exit(0);
}

for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, (name) => void stop(name));
