import type { RecordMove } from '../../tenancy/moves/move-rows.js';
import type { AuditAction } from '../audit/audit-actions.js';
import type { Caller } from '../audit/caller.js';
import { recordAudit } from '../audit/record-audit.js';

/** Puts a step of a move on record, in the transaction that takes it. */
export function moveRecord(
  caller: Caller,
  action: Extract<AuditAction, `tenant.move${string}`>,
  servers: { from: string; to: string },
): RecordMove {
  return (tx, move) =>
    recordAudit(tx, caller, {
      action,
      target: { type: 'tenant_database', id: move.tenantDatabaseId },
      before: { server: servers.from },
      after: { server: servers.to, move: move.id },
    });
}
