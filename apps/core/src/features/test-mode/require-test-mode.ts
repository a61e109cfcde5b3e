import type { TenantContext } from '../../tenancy/tenant-context.js';
import { liveMode } from './test-mode.errors.js';

/**
 * Time and data of live mode are real: nobody moves the one or throws away the other.
 * @throws liveMode
 */
export function requireTestMode(ctx: TenantContext): void {
  if (ctx.mode !== 'test') throw liveMode('Use a test key, or the header Nova-Mode: test.');
}
