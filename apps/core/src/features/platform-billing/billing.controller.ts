import { Body, Controller, Get, Inject, Param, Post, Query, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';

import { CONFIG } from '../../platform/config/config.module.js';
import type { Config } from '../../platform/config/config.schema.js';
import { invalidRequest, notFound } from '../../platform/errors/common-errors.js';
import { Cursors } from '../../platform/http/cursors.js';
import { Endpoint } from '../../platform/http/endpoint.decorator.js';
import type { TenantContext } from '../../tenancy/tenant-context.js';
import { recordAudit } from '../audit/record-audit.js';
import { Account, type UserAccount } from '../auth/account-context.js';
import { IDENTITY, type IdentityDeps } from '../auth/identity-deps.js';
import { answerWithPdf } from '../invoices/answer-with-pdf.js';
import { InvoiceListSchema } from '../invoices/invoice-wire.js';
import { readInvoicePdf } from '../invoices/invoice-pdf.js';
import { listInvoices, requireInvoice } from '../invoices/invoices.repository.js';
import {
  type ListInvoicesOfCustomerQuery,
  ListInvoicesOfCustomerQuerySchema,
} from '../invoices/invoices.schemas.js';
import {
  BillingPlanListSchema,
  BillingSubscriptionSchema,
  BillingUsageSchema,
  type ChangePlatformPlan,
  ChangePlatformPlanSchema,
  toBillingPlanWire,
  toBillingSubscriptionWire,
} from './billing.schemas.js';
import { changePlan } from './change-plan.js';
import { readOffers } from './offers.js';
import { ownPlatform, platformBillingOff } from './platform-billing.errors.js';
import { PlatformTenant } from './platform-tenant.js';
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
    private readonly platform: PlatformTenant,
    private readonly entitlements: TenantEntitlements,
    private readonly cursors: Cursors,
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
    return this.inBooks(account, async (books) => {
      const own = await openAccount(books, await this.tenantOf(account));
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
    return this.inBooks(account, async (books) =>
      toBillingSubscriptionWire(await openAccount(books, await this.tenantOf(account))),
    );
  }

  @Post('subscription')
  @Endpoint({
    summary: 'Choose a plan',
    description:
      'A plan that costs more begins at once, with its first invoice by e-mail, on which what is left of the plan before ' +
      'is credited; a cheaper one when the time that is paid for is over. What a plan grants holds within seconds. Choosing the present plan takes back what was ' +
      'to follow it.',
    access: 'billing:write',
    returns: BillingSubscriptionSchema,
    errors: [...REFUSALS, notFound, invalidRequest],
    example: { plan: 'growth', currency: 'NGN' },
    operationId: 'changeBillingSubscription',
  })
  async choose(
    @Account() account: UserAccount,
    @Body({ schema: ChangePlatformPlanSchema }) input: ChangePlatformPlan,
  ) {
    const { central } = this.deps;
    const tenant = await this.tenantOf(account);
    const { email } = await central.user.findUniqueOrThrow({ where: { id: account.actor.id } });
    const wire = await this.inBooks(account, async (books) =>
      toBillingSubscriptionWire(await changePlan(books, { tenant, input, email })),
    );
    await central.$transaction((tx) =>
      recordAudit(tx, account, {
        action: 'billing.plan_chosen',
        target: { type: 'tenant', id: tenant.id },
        after: { plan: input.plan },
      }),
    );
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
    const tenant = await this.tenantOf(account);
    const deps = {
      central: this.deps.central,
      rateLimits: this.config.rateLimits,
      limits: await this.entitlements.of(tenantId),
      rateFactor: await this.entitlements.rateFactor(tenantId),
    };
    return this.inBooks(account, (books) => readUsage(books, tenant, deps));
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
    return this.inBooks(account, async (books) => {
      const { customer } = await openAccount(books, await this.tenantOf(account));
      return listInvoices(books, this.cursors, { ...query, customer: customer.id }, ISSUED);
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
    return this.inBooks(account, async (books) => {
      const { customer } = await openAccount(books, await this.tenantOf(account));
      const invoice = await requireInvoice(books.db, reference);
      // Another tenant's invoice, or one that is still being written, is told apart from none in no way.
      if (invoice.customerId !== customer.id || invoice.status === 'draft')
        throw notFound('There is no such invoice.');
      return answerWithPdf(reply, await readInvoicePdf(books, invoice.id));
    });
  }

  private tenantOf({ tenantId }: UserAccount) {
    return this.deps.central.tenant.findUniqueOrThrow({ where: { id: tenantId } });
  }

  private inBooks<T>(
    { actor, requestId, ip }: UserAccount,
    work: (books: TenantContext) => Promise<T>,
  ): Promise<T> {
    return this.platform.inBooks({ actor, requestId, ip }, work);
  }
}
