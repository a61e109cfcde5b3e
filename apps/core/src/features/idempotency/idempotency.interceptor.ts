import {
  type CallHandler,
  type ExecutionContext,
  Inject,
  Injectable,
  type NestInterceptor,
} from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { FastifyReply } from 'fastify';
import type { Logger } from 'pino';
import { from, lastValueFrom, type Observable } from 'rxjs';

import { HASH_KEY } from '../../platform/crypto/hash-key.js';
import { KeyedHash } from '../../platform/crypto/keyed-hash.js';
import { ENDPOINT, type EndpointOptions } from '../../platform/http/endpoint.decorator.js';
import { IDEMPOTENCY_KEY_HEADER, parseIdempotencyKey } from '../../platform/http/idempotency-key.js';
import type { NovaRequest } from '../../platform/http/request.js';
import { serializeAnswer } from '../../platform/http/response.interceptor.js';
import { LOGGER } from '../../platform/log/log.module.js';
import { CentralDatabase } from '../../tenancy/central/central-database.js';
import { KeyRing } from '../../tenancy/keys/key-ring.js';
import type { TenantContext } from '../../tenancy/tenant-context.js';
import { captureAnswer, type GivenAnswer, sendAnswer } from './answer.js';
import { centralRecords } from './central-records.js';
import type { HeldKey } from './held-key.js';
import { type KeyedRequest, keyedRequest } from './keyed-request.js';
import { rememberOperation } from './operation.js';
import type { RecordStore } from './record-store.js';
import { runResumable } from './run-resumable.js';
import { runTransactional } from './run-transactional.js';
import { tenantRecords } from './tenant-records.js';

/**
 * Gives every POST with an `Idempotency-Key` one effect and one answer. It stands within the request's lease, so that
 * the tenant's database is open, and around the form of answers, so that what it keeps is what goes over the wire.
 */
@Injectable()
export class IdempotencyInterceptor implements NestInterceptor {
  private readonly hash: KeyedHash;

  constructor(
    private readonly reflector: Reflector,
    private readonly central: CentralDatabase,
    private readonly keyRing: KeyRing,
    @Inject(HASH_KEY) hashKey: Buffer,
    @Inject(LOGGER) private readonly log: Logger,
  ) {
    this.hash = new KeyedHash(hashKey, 'idempotency');
  }

  intercept(execution: ExecutionContext, next: CallHandler): Observable<unknown> {
    const request = execution.switchToHttp().getRequest<NovaRequest>();
    const policy = this.endpointOf(execution)?.idempotency ?? 'transactional';
    if (request.method !== 'POST' || policy === 'ignored') return next.handle();
    const key = parseIdempotencyKey(request.headers[IDEMPOTENCY_KEY_HEADER]);
    if (key === null) return next.handle();
    const ctx = request.tenantContext as TenantContext | undefined;
    const given =
      ctx && policy === 'transactional'
        ? this.inOneTransaction(execution, next, { key, ctx })
        : this.resumably(execution, next, { key, ctx: policy === 'sealed' ? undefined : ctx });
    return from(given.then((answer) => sendAnswer(execution, answer)));
  }

  private async inOneTransaction(
    execution: ExecutionContext,
    next: CallHandler,
    { key, ctx }: { key: string; ctx: TenantContext },
  ): Promise<GivenAnswer> {
    const request = execution.switchToHttp().getRequest<NovaRequest>();
    try {
      return await runTransactional(ctx, this.requestOf(execution, key, ctx), async (joined) => {
        request.tenantContext = joined;
        return captureAnswer(execution, await lastValueFrom(next.handle()));
      });
    } finally {
      request.tenantContext = ctx;
    }
  }

  private resumably(
    execution: ExecutionContext,
    next: CallHandler,
    { key, ctx }: { key: string; ctx: TenantContext | undefined },
  ): Promise<GivenAnswer> {
    return runResumable({
      store: this.storeOf(ctx),
      request: this.requestOf(execution, key, ctx),
      log: this.log,
      handler: async (held) => {
        this.offer(execution, held);
        return captureAnswer(execution, await lastValueFrom(next.handle()));
      },
    });
  }

  /** Gives the handler its key, to decide and to answer under. */
  private offer(execution: ExecutionContext, held: HeldKey): void {
    const http = execution.switchToHttp();
    const options = this.endpointOf(execution);
    rememberOperation(http.getRequest<object>(), {
      isResumed: held.isResumed,
      decide: (make) => held.decide(make),
      answer: async (tx, wire) => {
        const body = serializeAnswer(options, wire, http.getResponse<FastifyReply>());
        await held.answerWithin(tx, captureAnswer(execution, body));
      },
    });
  }

  private requestOf(execution: ExecutionContext, key: string, ctx: TenantContext | undefined): KeyedRequest {
    return keyedRequest(execution, key, { hash: this.hash, kept: ctx ? 'with_tenant' : 'in_central' });
  }

  private storeOf(ctx: TenantContext | undefined): RecordStore {
    return ctx ? tenantRecords(ctx) : centralRecords(this.central.db, this.keyRing);
  }

  private endpointOf(execution: ExecutionContext): EndpointOptions | undefined {
    return this.reflector.get<EndpointOptions | undefined>(ENDPOINT, execution.getHandler());
  }
}
