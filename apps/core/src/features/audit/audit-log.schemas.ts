import type { AuditEntry } from '@nova/prisma-central';
import { z } from 'zod';

import { ID_LENGTH_MAX, MomentSchema } from '../../platform/http/common-schemas.js';
import { listOf, listQuery } from '../../platform/http/pagination.js';
import { AUDIT_ACTIONS } from './audit-actions.js';

const ChangeSchema = z.record(z.string(), z.unknown()).nullable();

export const AuditEntrySchema = z
  .object({
    object: z.literal('audit_entry'),
    id: z.string(),
    actorType: z.enum(['user', 'api_key', 'operator', 'system']),
    actorId: z.string().nullable().meta({ description: 'Null for the platform’s operator.' }),
    action: z.string().meta({ example: 'api_key.created' }),
    targetType: z.string().nullable(),
    targetId: z.string().nullable(),
    before: ChangeSchema,
    after: ChangeSchema,
    ipAddress: z.string().nullable(),
    requestId: z.string().nullable(),
    createdAt: MomentSchema,
  })
  .meta({ id: 'AuditEntry' });
export type AuditEntryWire = z.infer<typeof AuditEntrySchema>;
export const AuditLogSchema = listOf(AuditEntrySchema, 'AuditLog');

const id = z.string().max(ID_LENGTH_MAX).optional();
export const ListAuditLogQuerySchema = listQuery({
  action: z.enum(AUDIT_ACTIONS).optional(),
  actorId: id,
  targetId: id,
});
export type ListAuditLogQuery = z.infer<typeof ListAuditLogQuerySchema>;

/** Which of the operator's people it was is the platform's business: the row has it, the tenant does not see it. */
export function toAuditEntryWire(row: AuditEntry): AuditEntryWire {
  const { id: entryId, actorId, action, targetType, targetId, ipAddress, requestId } = row;
  const actorType = row.actorType as AuditEntryWire['actorType'];
  return {
    object: 'audit_entry',
    id: entryId,
    actorType,
    actorId: actorType === 'operator' ? null : actorId,
    action,
    targetType,
    targetId,
    before: row.before as AuditEntryWire['before'],
    after: row.after as AuditEntryWire['after'],
    ipAddress,
    requestId,
    createdAt: row.createdAt.toISOString(),
  };
}
