import type { ServerRecord, ServerSettings } from '../../tenancy/servers/server-deps.js';
import type { AuditCaller } from '../audit/caller.js';
import { recordAudit } from '../audit/record-audit.js';

/** Writes the row of the audit log that says who changed a database server, and how. */
export function serverRecord(caller: AuditCaller): ServerRecord {
  return (tx, { kind, serverId, name, before, after }) =>
    recordAudit(tx, caller, {
      action: `database_server.${kind}`,
      target: { type: 'database_server', id: serverId },
      ...(before ? { before: printable(name, before) } : {}),
      ...(after ? { after: printable(name, after) } : {}),
    });
}

function printable(name: string, settings: ServerSettings) {
  return { name, ...settings };
}
