import type { INestApplicationContext } from '@nestjs/common';

import type { Variables } from './variables.js';
import { withPlatform } from './with-platform.js';

/** Runs a command's work with the features at hand. Only warnings are logged on the way, unless LOG_LEVEL says more. */
export async function withCore<T>(
  env: Variables,
  work: (app: INestApplicationContext) => Promise<T>,
): Promise<T> {
  const quiet = { ...env, LOG_LEVEL: env['LOG_LEVEL'] || 'warn' };
  return withPlatform(quiet, async (config) => {
    // Nest and the features are loaded here, so that help and wrong usage are answered at once.
    const { openCore } = await import('./open-core.js');
    const app = await openCore(config);
    try {
      return await work(app);
    } finally {
      await app.close();
    }
  });
}
