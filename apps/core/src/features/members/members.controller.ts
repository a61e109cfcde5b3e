import { Body, Controller, Delete, Get, Inject, Param, Patch, Post, Query } from '@nestjs/common';

import { notFound } from '../../platform/errors/common-errors.js';
import { IdParamSchema } from '../../platform/http/common-schemas.js';
import { Cursors } from '../../platform/http/cursors.js';
import { Endpoint } from '../../platform/http/endpoint.decorator.js';
import { newId } from '../../platform/ids/new-id.js';
import { paginate } from '../../platform/http/pagination.js';
import { Account, type AccountContext, type UserAccount } from '../auth/account-context.js';
import { IDENTITY, type IdentityDeps } from '../auth/identity-deps.js';
import { KeyedOperation, type Operation } from '../idempotency/operation.js';
import { planLimitReached } from '../platform-billing/platform-billing.errors.js';
import { changeMemberRole } from './change-member-role.js';
import { inviteMember } from './invite-member.js';
import { alreadyMember, lastOwner } from './members.errors.js';
import {
  type ChangeRole,
  ChangeRoleSchema,
  InvitationSchema,
  type InviteMember,
  InviteMemberSchema,
  type ListMembersQuery,
  ListMembersQuerySchema,
  MemberListSchema,
  MemberSchema,
  toInvitationWire,
  toMemberWire,
} from './members.schemas.js';
import { removeMember } from './remove-member.js';

@Controller('tenants/me/members')
export class MembersController {
  constructor(
    @Inject(IDENTITY) private readonly deps: IdentityDeps,
    private readonly cursors: Cursors,
  ) {}

  @Get()
  @Endpoint({
    summary: 'List members',
    access: 'members:read',
    returns: MemberListSchema,
    operationId: 'listMembers',
  })
  list(
    @Account() { tenantId }: AccountContext,
    @Query({ schema: ListMembersQuerySchema }) query: ListMembersQuery,
  ) {
    const filter = { tenantId, ...(query.role === undefined ? {} : { role: query.role }) };
    return paginate({
      query,
      cursors: this.cursors,
      fetch: ({ where, orderBy, take }) =>
        this.deps.central.membership.findMany({
          where: { AND: [filter, where] },
          orderBy,
          take,
          include: { user: true },
        }),
      toWire: toMemberWire,
    });
  }

  @Post()
  @Endpoint({
    summary: 'Invite a member',
    description:
      'Sends an e-mail with a link and a token that are good for seven days. Inviting the same address again ' +
      'replaces the invitation. Nobody grants a role above his own.',
    access: 'members:write',
    status: 201,
    returns: InvitationSchema,
    errors: [alreadyMember, planLimitReached],
    example: { email: 'finance@acme.example', role: 'finance' },
    operationId: 'inviteMember',
  })
  async invite(
    @Account() account: UserAccount,
    @Body({ schema: InviteMemberSchema }) input: InviteMember,
    @KeyedOperation() operation: Operation,
  ) {
    const id = await operation.decide(() => newId('ivt'));
    return toInvitationWire(await inviteMember(this.deps, account, { ...input, id }));
  }

  @Patch(':id')
  @Endpoint({
    summary: "Change a member's role",
    description: 'Takes effect within two seconds. The last owner stays one.',
    access: 'members:write',
    returns: MemberSchema,
    errors: [notFound, lastOwner],
    example: { role: 'developer' },
    operationId: 'changeMemberRole',
  })
  async changeRole(
    @Account() account: UserAccount,
    @Param('id', { schema: IdParamSchema }) id: string,
    @Body({ schema: ChangeRoleSchema }) { role }: ChangeRole,
  ) {
    return toMemberWire(await changeMemberRole(this.deps, account, { id, role }));
  }

  @Delete(':id')
  @Endpoint({
    summary: 'Remove a member',
    description: 'Ends his sessions at this tenant. The last owner cannot be removed.',
    access: 'members:write',
    returns: null,
    errors: [notFound, lastOwner],
    operationId: 'removeMember',
  })
  async remove(@Account() account: UserAccount, @Param('id', { schema: IdParamSchema }) id: string) {
    await removeMember(this.deps, account, id);
  }
}
