import type { ServerDeps, ServerRecord } from '@nova/core/tenancy/servers/server-deps.js';

import { withCore } from './with-core.js';

/** Runs a command's work on the database servers, as the operator who is logged in on this machine. */
export async function withServers<T>(
  work: (deps: ServerDeps, record: ServerRecord) => Promise<T>,
): Promise<T> {
  const { TENANT_LIFE } = await import('@nova/core/features/tenant-life/life-deps.js');
  const { operatorCaller } = await import('@nova/core/features/audit/operator-caller.js');
  const { serverRecord } = await import('@nova/core/features/servers/server-record.js');
  return withCore(process.env, (app) =>
    work(app.get<ServerDeps>(TENANT_LIFE, { strict: false }), serverRecord(operatorCaller(null))),
  );
}
