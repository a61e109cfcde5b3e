import type { Prisma } from '@nova/prisma-central';

import { newId } from '../../platform/ids/new-id.js';
import type { CentralTransaction } from '../../tenancy/central/central-database.js';
import type { AuditAction } from './audit-actions.js';
import type { AuditCaller } from './caller.js';

export interface AuditRecord {
  readonly action: AuditAction;
  readonly target: { readonly type: string; readonly id: string };
  /** What changed, never a secret: no password, no token, no key. */
  readonly before?: Prisma.InputJsonObject;
  readonly after?: Prisma.InputJsonObject;
}

/**
 * Writes one row of the append-only audit log, in the transaction of the change it tells of:
 * neither exists without the other.
 */
export async function recordAudit(
  tx: CentralTransaction,
  caller: AuditCaller,
  record: AuditRecord,
): Promise<void> {
  await tx.auditEntry.create({
    data: {
      id: newId('aud'),
      tenantId: caller.tenantId,
      actorType: caller.actor.type,
      actorId: caller.actor.id,
      action: record.action,
      targetType: record.target.type,
      targetId: record.target.id,
      ...(record.before ? { before: record.before } : {}),
      ...(record.after ? { after: record.after } : {}),
      ipAddress: caller.ip,
      requestId: caller.requestId,
    },
  });
}
