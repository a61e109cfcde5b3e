import { Body, Controller, Get, Inject, Param, Post, Query, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';

import { CONFIG } from '../../platform/config/config.module.js';
import type { Config } from '../../platform/config/config.schema.js';
import { invalidRequest, notFound } from '../../platform/errors/common-errors.js';
import { Cursors } from '../../platform/http/cursors.js';
import { Endpoint } from '../../platform/http/endpoint.decorator.js';
import { newId } from '../../platform/ids/new-id.js';
import { Account, type UserAccount } from '../auth/account-context.js';
import { IDENTITY, type IdentityDeps } from '../auth/identity-deps.js';
import { HostedLinks } from '../hosted-pages/hosted-links.js';
import { PayLinks } from '../hosted-pages/pay-links.js';
import { KeyedOperation, type Operation } from '../idempotency/operation.js';
import { answerWithPdf } from '../invoices/answer-with-pdf.js';
import { InvoiceListSchema } from '../invoices/invoice-wire.js';
import { invoicePaymentInFlight } from '../invoices/invoices.errors.js';
import { readInvoicePdf } from '../invoices/invoice-pdf.js';
import { listInvoices, requireInvoice } from '../invoices/invoices.repository.js';
import {
  type ListInvoicesOfCustomerQuery,
  ListInvoicesOfCustomerQuerySchema,
} from '../invoices/invoices.schemas.js';
import { AccountBooks } from './account-books.js';
import {
  BillingPlanListSchema,
  BillingSubscriptionSchema,
  BillingUsageSchema,
  type ChangePlatformPlan,
  ChangePlatformPlanSchema,
  toBillingPlanWire,
  toBillingSubscriptionWire,
} from './billing.schemas.js';
import { CheckoutDesk } from './checkout/checkout-desk.js';
import { choosePlan } from './choose-plan.js';
import { readOffers } from './offers.js';
import { checkoutRequired, ownPlatform, platformBillingOff } from './platform-billing.errors.js';
import { openAccount } from './read-account.js';
import { readUsage } from './read-usage.js';
import { TenantEntitlements } from './tenant-entitlements.js';

const REFUSALS = [platformBillingOff, ownPlatform];
/** What the operator is still writing is his own affair. */
const ISSUED = { status: { not: 'draft' } };

/** What the platform bills the tenant, for the tenant's own people. */
@Controller('billing')
export class BillingController {
  constructor(
    @Inject(IDENTITY) private readonly deps: IdentityDeps,
    @Inject(CONFIG) private readonly config: Config,
    private readonly accounts: AccountBooks,
    private readonly desk: CheckoutDesk,
    private readonly entitlements: TenantEntitlements,
    readonly cursors: Cursors,
    readonly links: HostedLinks,
    private readonly payLinks: PayLinks,
  ) {}

  @Get('plans')
  @Endpoint({
    summary: 'List the platform’s plans',
    access: 'billing:read',
    returns: BillingPlanListSchema,
    errors: REFUSALS,
    operationId: 'listBillingPlans',
  })
  plans(@Account() account: UserAccount) {
    return this.accounts.open(account, async (books) => {
      const own = await openAccount(books, await this.accounts.tenantOf(account));
      const data = (await readOffers(books.db)).map((offer) => toBillingPlanWire(offer, own));
      return { object: 'list', data, hasMore: false, nextCursor: null };
    });
  }

  @Get('subscription')
  @Endpoint({
    summary: 'Read the tenant’s plan',
    access: 'billing:read',
    returns: BillingSubscriptionSchema,
    errors: REFUSALS,
    operationId: 'retrieveBillingSubscription',
  })
  subscription(@Account() account: UserAccount) {
    return this.accounts.open(account, async (books) =>
      toBillingSubscriptionWire(await openAccount(books, await this.accounts.tenantOf(account))),
    );
  }

  @Post('subscription')
  @Endpoint({
    summary: 'Choose a plan',
    description:
      'A plan that costs more than the one you pay for begins at once, with an invoice on which what is left of that is credited; a cheaper one when the time that is paid for is over. ' +
      'The first plan that costs anything is paid before it begins where the platform takes payments: with the method that is saved, or at a checkout (`POST /billing/checkout`). ' +
      'What a plan grants holds within seconds. Choosing the present plan takes back what was to follow it.',
    access: 'billing:write',
    returns: BillingSubscriptionSchema,
    errors: [...REFUSALS, notFound, invalidRequest, checkoutRequired, invoicePaymentInFlight],
    example: { plan: 'growth', currency: 'NGN' },
    operationId: 'changeBillingSubscription',
  })
  async choose(
    @Account() account: UserAccount,
    @Body({ schema: ChangePlatformPlanSchema }) input: ChangePlatformPlan,
    @KeyedOperation() operation: Operation,
  ) {
    const tenant = await this.accounts.tenantOf(account);
    const email = await this.accounts.emailOf(account);
    const paymentId = await operation.decide(() => newId('pay'));
    const wire = await this.accounts.open(account, async (books) =>
      toBillingSubscriptionWire(await choosePlan(books, this.desk, { tenant, input, email, paymentId })),
    );
    await this.accounts.note(account, { action: 'billing.plan_chosen', after: { plan: input.plan } });
    return wire;
  }

  @Get('usage')
  @Endpoint({
    summary: 'Read how much of the plan is used',
    access: 'billing:read',
    returns: BillingUsageSchema,
    errors: REFUSALS,
    operationId: 'retrieveBillingUsage',
  })
  async usage(@Account() account: UserAccount) {
    const { tenantId } = account;
    const tenant = await this.accounts.tenantOf(account);
    const deps = {
      central: this.deps.central,
      rateLimits: this.config.rateLimits,
      limits: await this.entitlements.of(tenantId),
      rateFactor: await this.entitlements.rateFactor(tenantId),
    };
    return this.accounts.open(account, (books) => readUsage(books, tenant, deps));
  }

  @Get('invoices')
  @Endpoint({
    summary: 'List the platform’s invoices',
    description: 'Those that were issued to this tenant.',
    access: 'billing:read',
    returns: InvoiceListSchema,
    errors: REFUSALS,
    operationId: 'listBillingInvoices',
  })
  invoices(
    @Account() account: UserAccount,
    @Query({ schema: ListInvoicesOfCustomerQuerySchema }) query: ListInvoicesOfCustomerQuery,
  ) {
    return this.accounts.open(account, async (books) => {
      const { customer } = await openAccount(books, await this.accounts.tenantOf(account));
      return listInvoices(books, this, { ...query, customer: customer.id }, ISSUED);
    });
  }

  @Get('invoices/:id/pdf')
  @Endpoint({
    summary: 'Download an invoice of the platform',
    access: 'billing:read',
    returns: { contentType: 'application/pdf' },
    errors: [...REFUSALS, notFound],
    operationId: 'downloadBillingInvoicePdf',
  })
  pdf(
    @Account() account: UserAccount,
    @Param('id') reference: string,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    return this.accounts.open(account, async (books) => {
      const { customer } = await openAccount(books, await this.accounts.tenantOf(account));
      const invoice = await requireInvoice(books.db, reference);
      // Another tenant's invoice, or one that is still being written, is told apart from none in no way.
      if (invoice.customerId !== customer.id || invoice.status === 'draft')
        throw notFound('There is no such invoice.');
      return answerWithPdf(reply, await readInvoicePdf(books, invoice.id, this.payLinks));
    });
  }
}
