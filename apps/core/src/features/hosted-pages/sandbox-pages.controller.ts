import { Body, Controller, Get, Inject, Param, Post, Query, Req, Res } from '@nestjs/common';
import { RouteConfig } from '@nestjs/platform-fastify';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';

import { CONFIG } from '../../platform/config/config.module.js';
import type { Config } from '../../platform/config/config.schema.js';
import { notFound } from '../../platform/errors/common-errors.js';
import { Endpoint } from '../../platform/http/endpoint.decorator.js';
import { FORM_BODY } from '../../platform/http/form-body.js';
import type { NovaRequest } from '../../platform/http/request.js';
import type { TenantContext } from '../../tenancy/tenant-context.js';
import { databaseOfReference } from '../payments/payment-reference.js';
import { completeSandboxCheckout } from '../payments/providers/sandbox-checkout.js';
import { HostedLinks, type HostedPage } from './hosted-links.js';
import { AnyQuerySchema, PAGE } from './page-endpoint.js';
import { moneyText } from './pages/money-text.js';
import { sandboxPage } from './pages/sandbox-page.js';
import { type HostedInvoice, readHostedInvoice } from './read-hosted-invoice.js';
import { refuseForeignForms } from './refuse-foreign-forms.js';
import { goTo, sendPage } from './send-page.js';
import { PROBLEMS_AS_PAGE } from './tell-problem.js';
import { Visits } from './visits.js';

const ReferenceSchema = z.string().max(100);
const SandboxFormSchema = z.strictObject({ outcome: z.enum(['succeed', 'decline', 'pending']) });

/** A payment at the sandbox, with the page that it was begun on. */
interface SandboxVisit {
  readonly ctx: TenantContext;
  readonly hosted: HostedInvoice;
  readonly payment: HostedInvoice['payments'][number];
  /** The page that its payer came from. */
  readonly page: HostedPage;
}

/** The sandbox's own page, where test mode has what a provider's page is in live mode. */
@Controller('pay/sandbox/:reference')
export class SandboxPagesController {
  constructor(
    private readonly visits: Visits,
    private readonly links: HostedLinks,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  @Get()
  @RouteConfig(PROBLEMS_AS_PAGE)
  @Endpoint({ ...PAGE, summary: 'Show a payment of the sandbox' })
  showSandbox(
    @Param('reference', { schema: ReferenceSchema }) reference: string,
    @Query({ schema: AnyQuerySchema }) _added: unknown,
    @Req() request: NovaRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<string> {
    return this.run(reference, request, (visit) => {
      const { hosted, payment } = visit;
      if (payment.actionUrl === null) return goTo({ request, reply }, this.paymentHref(visit));
      const amount = moneyText(payment.amount, payment.currency);
      const page = sandboxPage({
        owner: hosted.owner,
        amount,
        reference,
        action: `/pay/sandbox/${reference}`,
      });
      return sendPage({ request, reply }, { page, status: 200, providers: [] }, this.config.providerUrls);
    });
  }

  @Post()
  @RouteConfig({ ...PROBLEMS_AS_PAGE, ...FORM_BODY })
  @Endpoint({
    ...PAGE,
    summary: 'End a payment of the sandbox',
    rateLimit: 'page_payment',
    idempotency: 'ignored',
  })
  endSandbox(
    @Param('reference', { schema: ReferenceSchema }) reference: string,
    @Body({ schema: SandboxFormSchema }) { outcome }: z.infer<typeof SandboxFormSchema>,
    @Req() request: NovaRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<string> {
    refuseForeignForms(request, this.config.publicUrl);
    return this.run(reference, request, async (visit) => {
      await completeSandboxCheckout(visit.ctx, reference, outcome);
      return goTo({ request, reply }, this.paymentHref(visit));
    });
  }

  /** @throws not_found for what is no payment at the sandbox */
  private run(
    reference: string,
    request: NovaRequest,
    work: (visit: SandboxVisit) => Promise<string> | string,
  ): Promise<string> {
    const databaseId = databaseOfReference(reference);
    if (databaseId === null) throw notFound('There is no such page.');
    return this.visits.inDatabase(databaseId, request, async (ctx) => {
      const payment = await ctx.db.payment.findUnique({ where: { reference } });
      if (payment?.provider !== 'sandbox' || ctx.mode !== 'test') throw notFound('There is no such page.');
      const { checkoutSessionId, invoiceId } = payment;
      const page: HostedPage =
        checkoutSessionId === null
          ? { kind: 'invoice', databaseId, id: invoiceId }
          : { kind: 'checkout', databaseId, id: checkoutSessionId };
      return work({ ctx, hosted: await readHostedInvoice({ ctx, page }), payment, page });
    });
  }

  private paymentHref({ page, payment }: SandboxVisit): string {
    return `/pay/${this.links.tokenOf(page)}/payments/${payment.id}`;
  }
}
