import { hostname, userInfo } from 'node:os';

import type { AuditCaller } from './caller.js';

/**
 * The operator at the command line: whoever is logged in on this machine. He acts for a tenant, or with null on the
 * platform itself, such as its servers and keys.
 */
export function operatorCaller<T extends string | null>(tenantId: T): AuditCaller & { readonly tenantId: T } {
  const id = `${userName()} at ${hostname()}`;
  return { tenantId, actor: { type: 'operator', id }, ip: null, requestId: null };
}

/** In a container the user may have a number and no name. */
function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return `uid ${process.getuid?.() ?? 'unknown'}`;
  }
}
