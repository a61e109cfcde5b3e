import { createApi } from '@nova/api/create-api.js';
import { loadConfig } from '@nova/core/platform/config/load-config.js';
import { KEY_PERMISSIONS } from '@nova/core/platform/access/permissions.js';
import { Credentials } from '@nova/core/features/auth/credentials.js';
import { TenantContexts } from '@nova/core/tenancy/context/tenant-contexts.js';
import type { Mode } from '@nova/core/tenancy/tenant-context.js';

/**
 * The baseline of tenant-resolution: the same API, but whoever asks is one tenant on one client that was opened at start.
 * No credential is looked up, no tenant found, no client leased, no clock read.
 */
const config = loadConfig(process.env);
const mode = process.env['BENCH_MODE'] as Mode;
const tenantId = process.env['BENCH_TENANT'] ?? '';
const app = await createApi(config);
await app.listen(config.port, config.host);
const actor = { type: 'api_key', id: 'key_bench', permissions: new Set(KEY_PERMISSIONS) } as const;
const opened = await app
  .get(TenantContexts, { strict: false })
  .open({ tenantId, mode, actor, requestId: null });
const fixed = { ...opened, release: () => undefined };

Credentials.prototype.identify = () => Promise.resolve({ tenantId, actor, mode });
TenantContexts.prototype.open = () => Promise.resolve(fixed);

process.once('SIGTERM', () => {
  opened.release();
  void app.close();
});
