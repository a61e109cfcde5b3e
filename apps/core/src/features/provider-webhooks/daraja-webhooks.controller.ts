import { Body, Controller, Param, Post, Req } from '@nestjs/common';
import { RouteConfig } from '@nestjs/platform-fastify';
import { z } from 'zod';

import { bodyTooLarge, notFound } from '../../platform/errors/common-errors.js';
import { Endpoint, type EndpointOptions } from '../../platform/http/endpoint.decorator.js';
import { RAW_BODY } from '../../platform/http/raw-body.js';
import type { NovaRequest } from '../../platform/http/request.js';
import { MPESA_TOPICS } from '../payments/providers/mpesa/topics.js';
import {
  DARAJA_ACCEPTED,
  DARAJA_VALIDATED,
  DarajaAnswerSchema,
  TokenParamSchema,
} from './webhook-answers.js';
import { WebhookReceiver } from './webhook-receiver.js';

const { push, reversal, payout, confirmation, validation, pull } = MPESA_TOPICS;
/** What Safaricom tells of, each at an address of its own. */
const TopicSchema = z.enum([
  push,
  confirmation,
  validation,
  pull,
  reversal,
  `${reversal}-timeout`,
  payout,
  `${payout}-timeout`,
]);

const RECEIVING = {
  access: 'public',
  rateLimit: 'none',
  idempotency: 'ignored',
  returns: DarajaAnswerSchema,
  errors: [notFound, bodyTooLarge],
} as const satisfies Partial<EndpointOptions>;

/**
 * Where M-Pesa's callbacks come. Safaricom proves none of them and sends none twice: the token in the address is all that
 * speaks for one, so nothing of it is believed that can be asked for.
 */
@Controller('webhooks/daraja/:token')
export class DarajaWebhooksController {
  constructor(private readonly receiver: WebhookReceiver) {}

  @Post()
  @RouteConfig(RAW_BODY)
  @Endpoint({
    ...RECEIVING,
    summary: 'Receive a callback of M-Pesa',
    description: 'The account’s own address as it is; what the callback is of shows by its form.',
    operationId: 'receiveDarajaWebhook',
  })
  receive(
    @Param('token', { schema: TokenParamSchema }) token: string,
    @Req() request: NovaRequest,
    @Body() body: Buffer | undefined,
  ) {
    return this.take(token, { request, body });
  }

  @Post(':topic')
  @RouteConfig(RAW_BODY)
  @Endpoint({
    ...RECEIVING,
    summary: 'Receive a callback of M-Pesa, by what it is of',
    description:
      '`…/c2b` and `…/c2b-validation` are those to register for C2B. A validation is always accepted: money that nobody asked for is matched or kept for a person to see to.',
    operationId: 'receiveDarajaCallback',
  })
  async receiveCallback(
    @Param('token', { schema: TokenParamSchema }) token: string,
    @Param('topic', { schema: TopicSchema }) topic: string,
    @Req() request: NovaRequest,
    @Body() body: Buffer | undefined,
  ) {
    if (topic !== validation) return this.take(token, { request, body, topic });
    await this.receiver.accountAt('mpesa', token);
    return DARAJA_VALIDATED;
  }

  @Post(`${push}/:attempt`)
  @RouteConfig(RAW_BODY)
  @Endpoint({
    ...RECEIVING,
    summary: 'Receive what became of a push to a phone',
    description:
      'The address says which attempt it is of, so that a push whose answer was lost is found again.',
    operationId: 'receiveDarajaPush',
  })
  receivePush(
    @Param('token', { schema: TokenParamSchema }) token: string,
    @Param('attempt', { schema: TokenParamSchema }) attempt: string,
    @Req() request: NovaRequest,
    @Body() body: Buffer | undefined,
  ) {
    return this.take(token, { request, body, topic: push, attempt });
  }

  private async take(token: string, { request, body, ...said }: Taken) {
    const account = await this.receiver.accountAt('mpesa', token);
    const { headers, ip } = request;
    const rawBody = body ?? Buffer.alloc(0);
    await this.receiver.receive(account, { provider: 'mpesa', rawBody, headers, from: ip, ...said });
    return DARAJA_ACCEPTED;
  }
}

interface Taken {
  readonly request: NovaRequest;
  readonly body: Buffer | undefined;
  readonly topic?: string;
  readonly attempt?: string;
}
