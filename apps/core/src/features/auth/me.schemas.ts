import type { Session } from '@nova/prisma-central';
import { z } from 'zod';

import { MomentSchema } from '../../platform/http/common-schemas.js';
import { listOf, listQuery } from '../../platform/http/pagination.js';
import { lineText } from '../../platform/wire/text.js';
import { RoleSchema, toUserWire, TypedPasswordSchema, UserSchema } from './auth.schemas.js';
import type { Me } from './get-me.js';
import { NewPasswordSchema } from './new-password-schema.js';

export const UpdateMeSchema = z
  .strictObject({ name: lineText({ max: 200 }).optional() })
  .meta({ id: 'UpdateMe' });
export type UpdateMe = z.infer<typeof UpdateMeSchema>;

export const ChangePasswordSchema = z
  .strictObject({ currentPassword: TypedPasswordSchema, newPassword: NewPasswordSchema })
  .meta({ id: 'ChangePassword' });
export type ChangePassword = z.infer<typeof ChangePasswordSchema>;

const MembershipSchema = z
  .object({ tenantId: z.string(), slug: z.string(), name: z.string(), role: RoleSchema })
  .meta({ id: 'Membership' });

export const MeSchema = UserSchema.extend({
  tenantId: z.string().meta({ description: 'The tenant that this session works at.' }),
  sessionId: z.string(),
  role: RoleSchema,
  permissions: z.array(z.string()),
  memberships: z.array(MembershipSchema),
}).meta({ id: 'Me' });

export const SessionSchema = z
  .object({
    object: z.literal('session'),
    id: z.string(),
    tenantId: z.string(),
    current: z.boolean().meta({ description: 'Whether this very request came in it.' }),
    userAgent: z.string().nullable(),
    ipAddress: z.string().nullable(),
    createdAt: MomentSchema,
    lastUsedAt: MomentSchema,
    expiresAt: MomentSchema,
  })
  .meta({ id: 'Session' });
export const ListSessionsQuerySchema = listQuery({});
export type ListSessionsQuery = z.infer<typeof ListSessionsQuerySchema>;
export const SessionListSchema = listOf(SessionSchema, 'SessionList');

export function toMeWire({ user, actor, tenantId, memberships }: Me): z.infer<typeof MeSchema> {
  return {
    ...toUserWire(user),
    tenantId,
    sessionId: actor.sessionId,
    role: actor.role,
    permissions: [...actor.permissions],
    memberships: memberships.map(({ tenant, role }) => ({
      tenantId: tenant.id,
      slug: tenant.slug,
      name: tenant.name,
      role,
    })),
  };
}

export function toSessionWire(row: Session, currentId: string): z.infer<typeof SessionSchema> {
  return {
    object: 'session',
    id: row.id,
    tenantId: row.tenantId,
    current: row.id === currentId,
    userAgent: row.userAgent,
    ipAddress: row.ipAddress,
    createdAt: row.createdAt.toISOString(),
    lastUsedAt: row.lastUsedAt.toISOString(),
    expiresAt: row.expiresAt.toISOString(),
  };
}
