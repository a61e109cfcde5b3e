import { Controller, Get, Inject, Param, Query, Req, Res } from '@nestjs/common';
import { RouteConfig } from '@nestjs/platform-fastify';
import type { FastifyReply } from 'fastify';

import { CONFIG } from '../../platform/config/config.module.js';
import type { Config } from '../../platform/config/config.schema.js';
import { Endpoint } from '../../platform/http/endpoint.decorator.js';
import type { NovaRequest } from '../../platform/http/request.js';
import { AnyQuerySchema, PAGE, PaymentIdSchema, TokenSchema } from './page-endpoint.js';
import { PaymentWatch } from './payment-watch.js';
import { goTo, sendPage } from './send-page.js';
import { paymentToReturnTo, showPayment, showReceipt } from './show-payment.js';
import { PROBLEMS_AS_PAGE } from './tell-problem.js';
import { Visits } from './visits.js';

/** What a customer sees of the payments of a page: how each stands, and its receipt. */
@Controller('pay/:token')
export class PaymentPagesController {
  constructor(
    private readonly visits: Visits,
    private readonly watch: PaymentWatch,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  @Get('return')
  @RouteConfig(PROBLEMS_AS_PAGE)
  @Endpoint({ ...PAGE, summary: 'Come back from a provider’s page' })
  comeBack(
    @Param('token', { schema: TokenSchema }) token: string,
    @Query({ schema: AnyQuerySchema }) _added: unknown,
    @Req() request: NovaRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<string> {
    return this.visits.run(token, request, async (visit) =>
      goTo({ request, reply }, `${visit.path}/payments/${await paymentToReturnTo(visit)}`),
    );
  }

  @Get('payments/:paymentId')
  @RouteConfig(PROBLEMS_AS_PAGE)
  @Endpoint({ ...PAGE, summary: 'Show how a payment stands to its payer' })
  showPayment(
    @Param('token', { schema: TokenSchema }) token: string,
    @Param('paymentId', { schema: PaymentIdSchema }) paymentId: string,
    @Query({ schema: AnyQuerySchema }) _added: unknown,
    @Req() request: NovaRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<string> {
    return this.visits.run(token, request, async (visit) => {
      const shown = await showPayment(visit, this.watch, paymentId);
      return sendPage({ request, reply }, shown, this.config.providerUrls);
    });
  }

  @Get('receipt/:paymentId')
  @RouteConfig(PROBLEMS_AS_PAGE)
  @Endpoint({ ...PAGE, summary: 'Show the receipt of a payment to its payer' })
  showReceipt(
    @Param('token', { schema: TokenSchema }) token: string,
    @Param('paymentId', { schema: PaymentIdSchema }) paymentId: string,
    @Query({ schema: AnyQuerySchema }) _added: unknown,
    @Req() request: NovaRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<string> {
    return this.visits.run(token, request, async (visit) => {
      const shown = await showReceipt(visit, paymentId);
      return sendPage({ request, reply }, shown, this.config.providerUrls);
    });
  }
}
