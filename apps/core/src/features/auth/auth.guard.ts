import { type CanActivate, type ExecutionContext, Inject, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { FastifyReply } from 'fastify';

import { KEY_PERMISSIONS, type Permission } from '../../platform/access/permissions.js';
import { forbidden, unauthenticated } from '../../platform/errors/common-errors.js';
import { ProblemError } from '../../platform/errors/define-error.js';
import { ENDPOINT, type EndpointOptions } from '../../platform/http/endpoint.decorator.js';
import { FairGate } from '../../platform/http/fair-gate.js';
import type { NovaRequest } from '../../platform/http/request.js';
import { addLogFields } from '../../platform/log/log-fields.js';
import { refusalOf } from '../../tenancy/context/admission.js';
import { TenantContexts } from '../../tenancy/context/tenant-contexts.js';
import { TenantDirectory } from '../../tenancy/directory/tenant-directory.js';
import { type Exchange, RequestLimits } from '../rate-limits/request-limits.js';
import { type AccountContext, originOf } from './account-context.js';
import { Credentials, type Identity } from './credentials.js';
import { IDENTITY, type IdentityDeps } from './identity-deps.js';
import { KeyUsage } from './key-usage.js';
import { rememberLease } from './lease-registry.js';
import { RequestLease } from './request-lease.js';
import { requestedMode } from './requested-mode.js';

/** The permissions whose routes are about the account and open no database of the tenant's. */
function isAboutAccount(access: Permission): boolean {
  return access === 'tenant:read' || !KEY_PERMISSIONS.includes(access);
}

/** Requests that are worked on at once: enough to keep a processor busy while each of them waits for its database. */
const REQUESTS_AT_ONCE = 6;
/** What takes longer waits for something else, and would be in the way of as many others as there are turns. */
const TURN_MS = 50;

/** Guards every route: who is it, not too often, may he, and then his tenant is opened. */
@Injectable()
export class AuthGuard implements CanActivate {
  private readonly gate = new FairGate({ atOnce: REQUESTS_AT_ONCE, turnMs: TURN_MS });

  constructor(
    private readonly reflector: Reflector,
    private readonly credentials: Credentials,
    private readonly contexts: TenantContexts,
    private readonly directory: TenantDirectory,
    private readonly keyUsage: KeyUsage,
    private readonly limits: RequestLimits,
    @Inject(IDENTITY) private readonly deps: IdentityDeps,
  ) {}

  async canActivate(execution: ExecutionContext): Promise<boolean> {
    const endpoint = this.reflector.get<EndpointOptions | undefined>(ENDPOINT, execution.getHandler());
    if (endpoint === undefined) throw new Error('A route has no @Endpoint, so nobody knows who may call it.');
    const { access } = endpoint;
    const http = execution.switchToHttp();
    const request = http.getRequest<NovaRequest>();
    const exchange: Exchange = { request, reply: http.getResponse<FastifyReply>() };
    if (access === 'public') {
      await this.limits.admitStranger(exchange, endpoint);
      return true;
    }
    const identity = await this.identify(exchange);
    const { actor, tenantId } = identity;
    addLogFields({ tenantId, actor: actor.id });
    if (actor.type === 'api_key') this.keyUsage.note(actor.id, request.ip);
    await this.limits.admitCaller(exchange, identity, endpoint);
    if (access === 'user') return this.admitPerson(request, identity);
    requirePermission(actor, access);
    if (isAboutAccount(access)) return this.admitToAccount(request, identity, access);
    await this.openTenant(exchange, identity);
    return true;
  }

  private async identify(exchange: Exchange): Promise<Identity> {
    try {
      return await this.credentials.identify(exchange.request.headers.authorization);
    } catch (error) {
      const isRefusal = error instanceof ProblemError && error.definition.code === unauthenticated.code;
      if (isRefusal) await this.limits.noteFailedAuthentication(exchange);
      throw error;
    }
  }

  private admitPerson(request: NovaRequest, identity: Identity): boolean {
    if (identity.actor.type !== 'user')
      throw forbidden('This takes a person who is logged in, not an API key.');
    this.giveAccount(request, identity);
    return true;
  }

  /** The people of a tenant that is stopped may look at the account, and change nothing. */
  private async admitToAccount(
    request: NovaRequest,
    identity: Identity,
    access: Permission,
  ): Promise<boolean> {
    const tenant = await this.directory.get(identity.tenantId);
    const approach = access.endsWith(':read') ? 'account_read' : 'account_write';
    const refusal = refusalOf(tenant, approach, this.deps.clock.now());
    if (refusal) throw refusal;
    this.giveAccount(request, identity);
    return true;
  }

  private giveAccount(request: NovaRequest, { tenantId, actor }: Identity): void {
    const log = this.deps.log.child({ tenantId });
    const account: AccountContext = { ...originOf(request), tenantId, actor, log };
    request.accountContext = account;
  }

  private async openTenant({ request, reply }: Exchange, identity: Identity): Promise<void> {
    const { tenantId, actor } = identity;
    const mode = requestedMode(identity, request.headers['nova-mode']);
    addLogFields({ mode });
    const endTurn = await this.gate.enter(tenantId);
    const asked = { tenantId, mode, actor, requestId: request.id, ip: request.ip };
    const opened = await this.contexts.open(asked).catch((error: unknown) => {
      endTurn();
      throw error;
    });
    const lease = new RequestLease(() => {
      opened.release();
      endTurn();
    });
    request.tenantContext = opened.ctx;
    rememberLease(request, lease);
    // `close` comes after every answer, and also when the client hangs up; perhaps it has, while we were opening.
    if (reply.raw.closed) lease.connectionClosed();
    else reply.raw.once('close', () => lease.connectionClosed());
  }
}

function requirePermission(actor: Identity['actor'], access: Permission): void {
  if (actor.permissions.has(access)) return;
  if (actor.type === 'user') throw forbidden(`The role ${actor.role} lacks the permission ${access}.`);
  const why = KEY_PERMISSIONS.includes(access)
    ? `The API key lacks the scope ${access}.`
    : 'This takes a person who is logged in, not an API key.';
  throw forbidden(why);
}
