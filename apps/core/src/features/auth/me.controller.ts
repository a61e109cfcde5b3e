import { Body, Controller, Delete, Get, Inject, Param, Patch, Post, Query } from '@nestjs/common';

import { notFound } from '../../platform/errors/common-errors.js';
import { IdParamSchema } from '../../platform/http/common-schemas.js';
import { Cursors } from '../../platform/http/cursors.js';
import { Endpoint } from '../../platform/http/endpoint.decorator.js';
import { paginate } from '../../platform/http/pagination.js';
import { KeyedOperation, type Operation } from '../idempotency/operation.js';
import { Account, type UserAccount } from './account-context.js';
import { toUserWire, UserSchema } from './auth.schemas.js';
import { changePassword } from './change-password.js';
import { endSession } from './end-session.js';
import { getMe } from './get-me.js';
import { IDENTITY, type IdentityDeps } from './identity-deps.js';
import {
  type ChangePassword,
  ChangePasswordSchema,
  type ListSessionsQuery,
  ListSessionsQuerySchema,
  MeSchema,
  SessionListSchema,
  toMeWire,
  toSessionWire,
  type UpdateMe,
  UpdateMeSchema,
} from './me.schemas.js';
import { updateMe } from './update-me.js';

/** What a person does about himself, whatever his role. */
@Controller('auth')
export class MeController {
  constructor(
    @Inject(IDENTITY) private readonly deps: IdentityDeps,
    private readonly cursors: Cursors,
  ) {}

  @Get('me')
  @Endpoint({
    summary: 'Read who is logged in',
    description: 'With the role and permissions at this tenant, and all tenants that you belong to.',
    access: 'user',
    returns: MeSchema,
    operationId: 'getMe',
  })
  async me(@Account() account: UserAccount) {
    return toMeWire(await getMe(this.deps, account));
  }

  @Patch('me')
  @Endpoint({
    summary: 'Change your name',
    access: 'user',
    returns: UserSchema,
    example: { name: 'Ada Obi' },
    operationId: 'updateMe',
  })
  async update(@Account() account: UserAccount, @Body({ schema: UpdateMeSchema }) input: UpdateMe) {
    return toUserWire(await updateMe(this.deps, account, input));
  }

  @Post('password/change')
  @Endpoint({
    summary: 'Change your password',
    description: 'Ends all your other sessions.',
    access: 'user',
    rateLimit: 'login',
    returns: null,
    example: { currentPassword: 'correct horse battery', newPassword: 'staple battery horse' },
    operationId: 'changePassword',
  })
  async changePassword(
    @Account() account: UserAccount,
    @Body({ schema: ChangePasswordSchema }) input: ChangePassword,
    @KeyedOperation() operation: Operation,
  ) {
    await changePassword(this.deps, account, input, (tx) => operation.answer(tx, null));
  }

  @Get('sessions')
  @Endpoint({
    summary: 'List your sessions',
    description: 'Those that are open, at all your tenants.',
    access: 'user',
    returns: SessionListSchema,
    operationId: 'listSessions',
  })
  sessions(
    @Account() { actor }: UserAccount,
    @Query({ schema: ListSessionsQuerySchema }) query: ListSessionsQuery,
  ) {
    const open = { userId: actor.id, revokedAt: null, expiresAt: { gt: this.deps.clock.now() } };
    return paginate({
      query,
      cursors: this.cursors,
      fetch: ({ where, orderBy, take }) =>
        this.deps.central.session.findMany({ where: { AND: [open, where] }, orderBy, take }),
      toWire: (row) => toSessionWire(row, actor.sessionId),
    });
  }

  @Delete('sessions/:id')
  @Endpoint({
    summary: 'End one of your sessions',
    access: 'user',
    returns: null,
    errors: [notFound],
    operationId: 'endSession',
  })
  async endSession(@Account() account: UserAccount, @Param('id', { schema: IdParamSchema }) id: string) {
    await endSession(this.deps, account, id);
  }
}
