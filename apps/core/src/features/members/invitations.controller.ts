import { Body, Controller, Delete, Get, Inject, Param, Post, Query } from '@nestjs/common';

import { notFound } from '../../platform/errors/common-errors.js';
import { IdParamSchema } from '../../platform/http/common-schemas.js';
import { Cursors } from '../../platform/http/cursors.js';
import { Endpoint } from '../../platform/http/endpoint.decorator.js';
import { paginate } from '../../platform/http/pagination.js';
import type { RequestOrigin } from '../audit/request-origin.js';
import { Account, type AccountContext, Origin } from '../auth/account-context.js';
import { invalidCredentials } from '../auth/auth.errors.js';
import { LoggedInSchema, toLoggedInWire } from '../auth/auth.schemas.js';
import { IDENTITY, type IdentityDeps } from '../auth/identity-deps.js';
import { KeyedOperation, type Operation } from '../idempotency/operation.js';
import { planLimitReached } from '../platform-billing/platform-billing.errors.js';
import { acceptInvitation } from './accept-invitation.js';
import { alreadyMember, invitationNotValid } from './members.errors.js';
import {
  type AcceptInvitation,
  AcceptInvitationSchema,
  InvitationListSchema,
  type ListInvitationsQuery,
  ListInvitationsQuerySchema,
  toInvitationWire,
} from './members.schemas.js';
import { revokeInvitation } from './revoke-invitation.js';

@Controller()
export class InvitationsController {
  constructor(
    @Inject(IDENTITY) private readonly deps: IdentityDeps,
    private readonly cursors: Cursors,
  ) {}

  @Get('tenants/me/invitations')
  @Endpoint({
    summary: 'List open invitations',
    access: 'members:read',
    returns: InvitationListSchema,
    operationId: 'listInvitations',
  })
  list(
    @Account() { tenantId }: AccountContext,
    @Query({ schema: ListInvitationsQuerySchema }) query: ListInvitationsQuery,
  ) {
    const open = { tenantId, acceptedAt: null, revokedAt: null, expiresAt: { gt: this.deps.clock.now() } };
    return paginate({
      query,
      cursors: this.cursors,
      fetch: ({ where, orderBy, take }) =>
        this.deps.central.invitation.findMany({ where: { AND: [open, where] }, orderBy, take }),
      toWire: toInvitationWire,
    });
  }

  @Delete('tenants/me/invitations/:id')
  @Endpoint({
    summary: 'Withdraw an invitation',
    access: 'members:write',
    returns: null,
    errors: [notFound],
    operationId: 'revokeInvitation',
  })
  async revoke(@Account() account: AccountContext, @Param('id', { schema: IdParamSchema }) id: string) {
    await revokeInvitation(this.deps, account, id);
  }

  @Post('auth/invitations/accept')
  @Endpoint({
    summary: 'Accept an invitation',
    description:
      'Joins the tenant and logs in there. Somebody new gives a name and chooses a password; somebody who has an ' +
      'account with that e-mail address gives its password.',
    access: 'public',
    rateLimit: 'login',
    returns: LoggedInSchema,
    errors: [invitationNotValid, invalidCredentials, alreadyMember, planLimitReached],
    example: { token: 'nvi_…', name: 'Grace Finance', password: 'correct horse battery' },
    operationId: 'acceptInvitation',
  })
  async accept(
    @Origin() origin: RequestOrigin,
    @Body({ schema: AcceptInvitationSchema }) input: AcceptInvitation,
    @KeyedOperation() operation: Operation,
  ) {
    const joined = await acceptInvitation(this.deps, origin, input, (tx, login) =>
      operation.answer(tx, toLoggedInWire(this.deps, login)),
    );
    return toLoggedInWire(this.deps, joined);
  }
}
