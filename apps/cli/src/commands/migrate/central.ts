import type { Command } from 'commander';

import { withPlatform } from '../../environment/with-platform.js';

/** `nova migrate central`. */
export function register(migrate: Command): void {
  migrate
    .command('central')
    .description('The central database, the servers’ templates and the queues only')
    .action(async () => {
      const { preparePlatform } = await import('@nova/core/tenancy/prepare-platform.js');
      await withPlatform(process.env, (config) => preparePlatform(config));
      process.stdout.write('The central database, the templates and the queues are up to date.\n');
    });
}
