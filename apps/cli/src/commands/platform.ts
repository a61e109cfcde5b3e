import type { Command } from 'commander';

import { register as paymentProvider } from './platform/payment-provider.js';
import { register as setUp } from './platform/set-up.js';

/** `nova platform …`: the tenant by which the platform bills its tenants. */
export function register(program: Command): void {
  const platform = program
    .command('platform')
    .description('The platform’s own tenant, which bills the others');
  setUp(platform);
  paymentProvider(platform);
}
