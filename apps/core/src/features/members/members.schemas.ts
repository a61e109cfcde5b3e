import type { Invitation } from '@nova/prisma-central';
import { z } from 'zod';

import { MomentSchema } from '../../platform/http/common-schemas.js';
import { listOf, listQuery } from '../../platform/http/pagination.js';
import { lineText } from '../../platform/wire/text.js';
import { RoleSchema, TypedPasswordSchema } from '../auth/auth.schemas.js';
import { AccountEmailSchema } from '../auth/email-address.js';
import { roleOf } from '../auth/memberships.js';
import type { Member } from './require-member.js';

export const InviteMemberSchema = z
  .strictObject({ email: AccountEmailSchema, role: RoleSchema })
  .meta({ id: 'InviteMember' });
export type InviteMember = z.infer<typeof InviteMemberSchema>;

export const ChangeRoleSchema = z.strictObject({ role: RoleSchema }).meta({ id: 'ChangeRole' });
export type ChangeRole = z.infer<typeof ChangeRoleSchema>;

export const AcceptInvitationSchema = z
  .strictObject({
    token: z.string().min(1).max(500),
    name: lineText({ max: 200 }).optional().meta({ description: 'For somebody who has no account yet.' }),
    password: TypedPasswordSchema.optional().meta({
      description: 'The new one of somebody who has no account yet; else that of the account.',
    }),
  })
  .meta({ id: 'AcceptInvitation' });
export type AcceptInvitation = z.infer<typeof AcceptInvitationSchema>;

export const MemberSchema = z
  .object({
    object: z.literal('member'),
    id: z.string(),
    userId: z.string(),
    email: z.string(),
    name: z.string(),
    role: RoleSchema,
    createdAt: MomentSchema,
  })
  .meta({ id: 'Member' });
export const MemberListSchema = listOf(MemberSchema, 'MemberList');
export const ListMembersQuerySchema = listQuery({ role: RoleSchema.optional() });
export type ListMembersQuery = z.infer<typeof ListMembersQuerySchema>;

export const InvitationSchema = z
  .object({
    object: z.literal('invitation'),
    id: z.string(),
    email: z.string(),
    role: RoleSchema,
    invitedBy: z.string(),
    createdAt: MomentSchema,
    expiresAt: MomentSchema,
  })
  .meta({ id: 'Invitation' });
export const InvitationListSchema = listOf(InvitationSchema, 'InvitationList');
export const ListInvitationsQuerySchema = listQuery({});
export type ListInvitationsQuery = z.infer<typeof ListInvitationsQuerySchema>;

export function toMemberWire({ id, userId, role, createdAt, user }: Member): z.infer<typeof MemberSchema> {
  const { email, name } = user;
  return {
    object: 'member',
    id,
    userId,
    email,
    name,
    role: roleOf(role),
    createdAt: createdAt.toISOString(),
  };
}

export function toInvitationWire(row: Invitation): z.infer<typeof InvitationSchema> {
  const { id, email, invitedBy } = row;
  return {
    object: 'invitation',
    id,
    email,
    role: roleOf(row.role),
    invitedBy,
    createdAt: row.createdAt.toISOString(),
    expiresAt: row.expiresAt.toISOString(),
  };
}
