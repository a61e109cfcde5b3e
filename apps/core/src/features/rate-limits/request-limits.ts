import { Injectable } from '@nestjs/common';
import type { FastifyReply } from 'fastify';

import { rateLimited } from '../../platform/errors/common-errors.js';
import type { EndpointOptions } from '../../platform/http/endpoint.decorator.js';
import type { NovaRequest } from '../../platform/http/request.js';
import { rateLimitHeaders } from '../../platform/rate-limits/rate-limit-headers.js';
import { type Judgement, RateLimits } from '../../platform/rate-limits/rate-limits.js';
import type { RatePolicy } from '../../platform/rate-limits/rate-policies.js';
import type { Identity } from '../auth/credentials.js';
import { TenantEntitlements } from '../platform-billing/tenant-entitlements.js';
import { addressGroup } from './address-group.js';
import { RefusalPause } from './refusal-pause.js';
import { callerKey, type Subject, subjectOf } from './subjects.js';

/** A request and its answer, as the guard has them. */
export interface Exchange {
  readonly request: NovaRequest;
  readonly reply: FastifyReply;
}

/** Counts requests against the limits of their routes, and says in the answer how much is left. */
@Injectable()
export class RequestLimits {
  private readonly pause = new RefusalPause();

  constructor(
    private readonly limits: RateLimits,
    private readonly entitlements: TenantEntitlements,
  ) {}

  /**
   * Counts a request of somebody who is known, by the configured rates times what his tenant's plan has of them.
   * @throws rate_limited
   */
  async admitCaller(exchange: Exchange, identity: Identity, options: EndpointOptions): Promise<void> {
    const policy = policyOf(options, exchange.request.method);
    if (policy === 'none') return;
    const key = callerKey(identity, exchange.request.headers['nova-mode']);
    const factor = await this.entitlements.rateFactor(identity.tenantId);
    await this.spend(exchange, { policy, key, factor });
  }

  /**
   * Counts a request to a route that anybody may call, by its address, and by the account that it is about: so that
   * guessing one account's password from a thousand addresses is slow too. An account that does not exist is counted
   * like any other.
   * @throws rate_limited
   */
  async admitStranger(exchange: Exchange, options: EndpointOptions): Promise<void> {
    const { request } = exchange;
    const policy = policyOf(options, request.method);
    if (policy === 'none') return;
    await this.spend(exchange, { policy, key: addressGroup(request.ip) });
    const account = subjectOf(policy, request);
    if (account) await this.refuseWhenSpent(exchange, account);
  }

  /**
   * Counts a request whose credentials are missing or no good, by its address. Whoever has good ones is not held up by
   * those who share his address and have none, so this only changes what the others are told.
   * @throws rate_limited
   */
  async noteFailedAuthentication(exchange: Exchange): Promise<void> {
    await this.refuseWhenSpent(exchange, {
      policy: 'authentication',
      key: addressGroup(exchange.request.ip),
    });
  }

  private async spend(exchange: Exchange, subject: Subject): Promise<void> {
    const judgement = await this.limits.judge(subject.policy, subject.key, subject.factor);
    if (!judgement) return;
    tell(exchange, subject.policy, judgement);
    if (!judgement.verdict.admitted) await this.refuse(subject, judgement);
  }

  /** Its headers are for who is refused by it: what others did with the same account is nobody's business. */
  private async refuseWhenSpent(exchange: Exchange, subject: Subject): Promise<void> {
    const judgement = await this.limits.judge(subject.policy, subject.key);
    if (!judgement || judgement.verdict.admitted) return;
    tell(exchange, subject.policy, judgement);
    await this.refuse(subject, judgement);
  }

  private async refuse({ policy, key }: Subject, { limit, verdict }: Judgement): Promise<never> {
    await this.pause.before(`${policy} ${key}`);
    const { resetSeconds } = verdict;
    throw rateLimited(
      `At most ${limit.quota} requests in ${limit.windowSeconds} s are answered here. Try again in ${resetSeconds} s.`,
      { headers: { 'retry-after': String(resetSeconds) } },
    );
  }
}

function policyOf(options: EndpointOptions, method: string): RatePolicy | 'none' {
  return options.rateLimit ?? (method === 'GET' || method === 'HEAD' ? 'read' : 'write');
}

function tell({ reply }: Exchange, policy: RatePolicy, { limit, verdict }: Judgement): void {
  void reply.headers(rateLimitHeaders(policy, limit, verdict));
}
