import { Body, Controller, Inject, Post } from '@nestjs/common';

import { Endpoint } from '../../platform/http/endpoint.decorator.js';
import { provisioningFailed } from '../../tenancy/provisioning/provisioning.errors.js';
import { noDatabaseServer } from '../../tenancy/servers/servers.errors.js';
import type { RequestOrigin } from '../audit/request-origin.js';
import { KeyedOperation, type Operation } from '../idempotency/operation.js';
import { Account, Origin, type UserAccount } from './account-context.js';
import {
  emailTaken,
  invalidCredentials,
  invalidRefreshToken,
  noMembership,
  registrationInProgress,
  slugTaken,
} from './auth.errors.js';
import {
  LoggedInSchema,
  type LoginBody,
  LoginSchema,
  type Refresh,
  RefreshSchema,
  type Register,
  RegisteredSchema,
  RegisterSchema,
  toLoggedInWire,
  TokensSchema,
  toRegisteredWire,
  toTokensWire,
} from './auth.schemas.js';
import { logout } from './end-session.js';
import { IDENTITY, type IdentityDeps } from './identity-deps.js';
import { login } from './login.js';
import { refreshSession } from './refresh-session.js';
import { registerTenant } from './register-tenant.js';

@Controller('auth')
export class AuthController {
  constructor(@Inject(IDENTITY) private readonly deps: IdentityDeps) {}

  @Post('register')
  @Endpoint({
    summary: 'Register a tenant',
    description:
      'Makes the tenant with its owner, its test database and its first test API key, which is shown in this ' +
      'answer and never again. It does all of it or nothing.',
    access: 'public',
    status: 201,
    returns: RegisteredSchema,
    errors: [emailTaken, slugTaken, registrationInProgress, provisioningFailed, noDatabaseServer],
    example: {
      email: 'ada@acme.example',
      password: 'correct horse battery',
      name: 'Ada Obi',
      company: 'Acme',
      country: 'NG',
      currency: 'NGN',
    },
    rateLimit: 'register',
    operationId: 'register',
  })
  async register(
    @Origin() origin: RequestOrigin,
    @Body({ schema: RegisterSchema }) input: Register,
    @KeyedOperation() operation: Operation,
  ) {
    const registered = await registerTenant(this.deps, origin, input, (tx, registration) =>
      operation.answer(tx, toRegisteredWire(this.deps, registration)),
    );
    return toRegisteredWire(this.deps, registered);
  }

  @Post('login')
  @Endpoint({
    summary: 'Log in',
    description:
      'Opens a session at one tenant: the one named by id or slug, or else the first that you joined. A wrong ' +
      'password and an unknown e-mail address get the same answer.',
    access: 'public',
    // A stored answer would be a way in for whoever finds it, and logging in twice does no harm.
    idempotency: 'ignored',
    returns: LoggedInSchema,
    errors: [invalidCredentials, noMembership],
    example: { email: 'ada@acme.example', password: 'correct horse battery' },
    rateLimit: 'login',
    operationId: 'login',
  })
  async login(@Origin() origin: RequestOrigin, @Body({ schema: LoginSchema }) input: LoginBody) {
    return toLoggedInWire(this.deps, await login(this.deps, origin, input));
  }

  @Post('refresh')
  @Endpoint({
    summary: 'Refresh the tokens',
    description:
      'Gives a new access token and the next refresh token. The token shown is spent: repeating the request within ' +
      'ten seconds gives the same successor, showing it later ends the session.',
    access: 'public',
    // It has a rule of its own for a token that is shown again.
    idempotency: 'ignored',
    returns: TokensSchema,
    errors: [invalidRefreshToken],
    example: { refreshToken: 'nrt_…' },
    rateLimit: 'refresh',
    operationId: 'refresh',
  })
  async refresh(@Origin() origin: RequestOrigin, @Body({ schema: RefreshSchema }) { refreshToken }: Refresh) {
    return toTokensWire(this.deps, await refreshSession(this.deps, origin, refreshToken));
  }

  @Post('logout')
  @Endpoint({
    summary: 'Log out',
    description: 'Ends the session: its refresh token at once, its access token within two seconds.',
    access: 'user',
    // Who is logged out cannot repeat it.
    idempotency: 'ignored',
    returns: null,
    operationId: 'logout',
  })
  async logout(@Account() account: UserAccount) {
    await logout(this.deps, account);
  }
}
