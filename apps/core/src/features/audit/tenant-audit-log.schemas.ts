import type { AuditEntry } from '@nova/prisma-tenant';
import { z } from 'zod';

import { ID_LENGTH_MAX, MomentSchema } from '../../platform/http/common-schemas.js';
import { listOf, listQuery } from '../../platform/http/pagination.js';
import { AUDITED_OBJECTS, objectOf } from './audited-objects.js';

/** What a trigger calls the change, and what the API does. */
const ACTIONS = { insert: 'created', update: 'updated', delete: 'deleted' } as const;

const FieldsSchema = z.record(z.string(), z.unknown()).nullable();

export const DataChangeSchema = z
  .object({
    object: z.literal('data_change'),
    id: z.string(),
    actorType: z.enum(['user', 'api_key', 'operator']),
    actorId: z.string().nullable().meta({ description: 'Null for the platform’s operator.' }),
    action: z.enum(['created', 'updated', 'deleted']),
    targetType: z.enum(AUDITED_OBJECTS),
    targetId: z.string(),
    before: FieldsSchema.meta({
      description: 'Of an update the fields that changed, of a removal all. A secret reads `[secret]`.',
      example: { name: 'Ada' },
    }),
    after: FieldsSchema.meta({ example: { name: 'Ada Obi' } }),
    ipAddress: z.string().nullable(),
    requestId: z.string().nullable(),
    createdAt: MomentSchema,
  })
  .meta({ id: 'DataChange' });
export type DataChangeWire = z.infer<typeof DataChangeSchema>;
export const DataChangeListSchema = listOf(DataChangeSchema, 'DataChangeList');

const id = z.string().max(ID_LENGTH_MAX).optional();
export const ListDataChangesQuerySchema = listQuery({
  targetType: z.enum(AUDITED_OBJECTS).optional(),
  targetId: id,
  actorId: id,
});
export type ListDataChangesQuery = z.infer<typeof ListDataChangesQuerySchema>;

/** Which of the operator's people it was is the platform's business: the row has it, the tenant does not see it. */
export function toDataChangeWire(row: AuditEntry): DataChangeWire {
  const actorType = row.actorType as DataChangeWire['actorType'];
  return {
    object: 'data_change',
    id: row.id,
    actorType,
    actorId: actorType === 'operator' ? null : row.actorId,
    action: ACTIONS[row.action as keyof typeof ACTIONS],
    targetType: objectOf(row.targetType),
    targetId: row.targetId,
    before: toFields(row.before),
    after: toFields(row.after),
    ipAddress: row.ipAddress,
    requestId: row.requestId,
    createdAt: row.createdAt.toISOString(),
  };
}

/** The columns of a row by the names that the API has for them. What is inside of a column stays as it is. */
export function toFields(columns: unknown): Record<string, unknown> | null {
  if (typeof columns !== 'object' || columns === null) return null;
  const camelCase = (name: string) =>
    name.replaceAll(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
  return Object.fromEntries(Object.entries(columns).map(([name, value]) => [camelCase(name), value]));
}
