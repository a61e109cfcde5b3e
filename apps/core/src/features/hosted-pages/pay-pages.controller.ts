import { Body, Controller, Get, Inject, Param, Post, Query, Req, Res } from '@nestjs/common';
import { RouteConfig } from '@nestjs/platform-fastify';
import type { FastifyReply } from 'fastify';

import { CONFIG } from '../../platform/config/config.module.js';
import type { Config } from '../../platform/config/config.schema.js';
import { Endpoint } from '../../platform/http/endpoint.decorator.js';
import { FORM_BODY } from '../../platform/http/form-body.js';
import type { NovaRequest } from '../../platform/http/request.js';
import { answerWithPdf } from '../invoices/answer-with-pdf.js';
import { readInvoicePdf } from '../invoices/invoice-pdf.js';
import { PaymentProviders } from '../payments/providers/payment-providers.js';
import { ProviderAccounts } from '../payments/providers/provider-accounts.js';
import { beginPayment } from './begin-payment.js';
import { AnyQuerySchema, PAGE, TokenSchema } from './page-endpoint.js';
import { PayLinks } from './pay-links.js';
import { type PayForm, PayFormSchema } from './pay-form.js';
import { readHostedInvoice } from './read-hosted-invoice.js';
import { refuseForeignForms } from './refuse-foreign-forms.js';
import { goTo, sendPage } from './send-page.js';
import { showInvoice } from './show-invoice.js';
import { PROBLEMS_AS_PAGE } from './tell-problem.js';
import { Visits } from './visits.js';

/** The page on which a customer sees an invoice and pays it, for whoever has its address. */
@Controller('pay/:token')
export class PayPagesController {
  constructor(
    private readonly visits: Visits,
    private readonly accounts: ProviderAccounts,
    private readonly providers: PaymentProviders,
    private readonly payLinks: PayLinks,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  @Get()
  @RouteConfig(PROBLEMS_AS_PAGE)
  @Endpoint({ ...PAGE, summary: 'Show an invoice to its customer' })
  show(
    @Param('token', { schema: TokenSchema }) token: string,
    @Query({ schema: AnyQuerySchema }) _added: unknown,
    @Req() request: NovaRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<string> {
    return this.visits.run(token, request, async (visit) =>
      sendPage({ request, reply }, await showInvoice(visit, this.accounts), this.config.providerUrls),
    );
  }

  @Post()
  @RouteConfig({ ...PROBLEMS_AS_PAGE, ...FORM_BODY })
  @Endpoint({ ...PAGE, summary: 'Begin a payment', rateLimit: 'page_payment', idempotency: 'ignored' })
  pay(
    @Param('token', { schema: TokenSchema }) token: string,
    @Query({ schema: AnyQuerySchema }) _added: unknown,
    @Body({ schema: PayFormSchema }) form: PayForm,
    @Req() request: NovaRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<string> {
    refuseForeignForms(request, this.config.publicUrl);
    const { accounts, providers, config } = this;
    return this.visits.run(token, request, async (visit) => {
      const next = await beginPayment(visit, { accounts, providers, config }, form);
      if (next.kind === 'go') return goTo({ request, reply }, next.to);
      const shown = await showInvoice(visit, accounts, next.form);
      return sendPage({ request, reply }, shown, config.providerUrls);
    });
  }

  @Get('invoice.pdf')
  @RouteConfig(PROBLEMS_AS_PAGE)
  @Endpoint({
    ...PAGE,
    summary: 'Download the invoice of a page',
    returns: { contentType: 'application/pdf' },
  })
  pdf(
    @Param('token', { schema: TokenSchema }) token: string,
    @Query({ schema: AnyQuerySchema }) _added: unknown,
    @Req() request: NovaRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    return this.visits.run(token, request, async (visit) => {
      const { invoice } = await readHostedInvoice(visit);
      void reply.header('x-robots-tag', 'noindex, nofollow');
      return answerWithPdf(reply, await readInvoicePdf(visit.ctx, invoice.id, this.payLinks));
    });
  }
}
