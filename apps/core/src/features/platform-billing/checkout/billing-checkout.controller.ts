import { Body, Controller, Get, Param, Post } from '@nestjs/common';

import { invalidRequest, notFound, unavailable } from '../../../platform/errors/common-errors.js';
import { Endpoint } from '../../../platform/http/endpoint.decorator.js';
import { Account, type UserAccount } from '../../auth/account-context.js';
import { invoicePaymentInFlight } from '../../invoices/invoices.errors.js';
import { AccountBooks } from '../account-books.js';
import { BillingSubscriptionSchema, toBillingSubscriptionWire } from '../billing.schemas.js';
import { cancelPlan } from '../cancel-plan.js';
import {
  checkoutNotNeeded,
  nothingToCancel,
  nothingToManage,
  ownPlatform,
  paymentNotOffered,
  platformBillingOff,
} from '../platform-billing.errors.js';
import { CheckoutDesk } from './checkout-desk.js';
import {
  BillingCheckoutSchema,
  BillingPortalSchema,
  type CancelBillingSubscription,
  CancelBillingSubscriptionSchema,
  type CreateBillingCheckout,
  CreateBillingCheckoutSchema,
  type OpenBillingPortal,
  OpenBillingPortalSchema,
} from './checkout.schemas.js';
import { openCheckout } from './open-checkout.js';
import { openPortal } from './open-portal.js';
import { readCheckout } from './read-checkout.js';

const REFUSALS = [platformBillingOff, ownPlatform];

/** How a tenant pays the platform. */
@Controller('billing')
export class BillingCheckoutController {
  constructor(
    private readonly accounts: AccountBooks,
    private readonly desk: CheckoutDesk,
  ) {}

  @Post('checkout')
  @Endpoint({
    summary: 'Check out a plan',
    description:
      'Answers with the page on which the plan is paid, by what the platform’s payment providers offer in its currency. You keep your plan until the money has come; then the other begins by itself, and what is left of the plan before is credited. A checkout that nobody pays expires after three hours and leaves nothing to pay. Asked again for the same plan, it answers with the same page.',
    access: 'billing:write',
    returns: BillingCheckoutSchema,
    errors: [
      ...REFUSALS,
      notFound,
      invalidRequest,
      checkoutNotNeeded,
      paymentNotOffered,
      invoicePaymentInFlight,
    ],
    example: { plan: 'pro', successUrl: 'https://app.example/billing?paid' },
    operationId: 'createBillingCheckout',
  })
  async checkout(
    @Account() account: UserAccount,
    @Body({ schema: CreateBillingCheckoutSchema }) input: CreateBillingCheckout,
  ) {
    const tenant = await this.accounts.tenantOf(account);
    const email = await this.accounts.emailOf(account);
    const wire = await this.accounts.open(account, (books) =>
      openCheckout(books, this.desk, { tenant, input, email }),
    );
    const after = {
      plan: input.plan,
      sessionId: wire.sessionId,
      savesPaymentMethod: input.savePaymentMethod,
    };
    await this.accounts.note(account, { action: 'billing.checkout_opened', after });
    return wire;
  }

  @Get('checkout/:id')
  @Endpoint({
    summary: 'Read a checkout',
    access: 'billing:read',
    returns: BillingCheckoutSchema,
    errors: [...REFUSALS, notFound],
    operationId: 'retrieveBillingCheckout',
  })
  async read(@Account() account: UserAccount, @Param('id') sessionId: string) {
    const tenant = await this.accounts.tenantOf(account);
    return this.accounts.open(account, (books) => readCheckout(books, this.desk, { tenant, sessionId }));
  }

  @Post('portal')
  @Endpoint({
    summary: 'Open the billing portal',
    description:
      'The address of the pages on which you see to your saved card, where your provider has such pages; else that of your newest open invoice.',
    access: 'billing:write',
    returns: BillingPortalSchema,
    errors: [...REFUSALS, nothingToManage, unavailable],
    // An address of the provider’s is good for minutes: an old one is of no use.
    idempotency: 'ignored',
    example: { returnUrl: 'https://app.example/billing' },
    operationId: 'openBillingPortal',
  })
  async portal(
    @Account() account: UserAccount,
    @Body({ schema: OpenBillingPortalSchema }) { returnUrl }: OpenBillingPortal,
  ) {
    const tenant = await this.accounts.tenantOf(account);
    const wire = await this.accounts.open(account, (books) =>
      openPortal(books, this.desk, { tenant, returnUrl }),
    );
    await this.accounts.note(account, { action: 'billing.portal_opened', after: { kind: wire.kind } });
    return wire;
  }

  @Post('cancel')
  @Endpoint({
    summary: 'Cancel the plan',
    description:
      'The plan ends when the time that is paid for is over. Choosing it again before takes that back.',
    access: 'billing:write',
    returns: BillingSubscriptionSchema,
    errors: [...REFUSALS, nothingToCancel],
    example: { reason: 'We build our own.' },
    operationId: 'cancelBillingSubscription',
  })
  async cancel(
    @Account() account: UserAccount,
    @Body({ schema: CancelBillingSubscriptionSchema }) { reason }: CancelBillingSubscription,
  ) {
    const tenant = await this.accounts.tenantOf(account);
    const email = await this.accounts.emailOf(account);
    const wire = await this.accounts.open(account, async (books) =>
      toBillingSubscriptionWire(await cancelPlan(books, { tenant, email })),
    );
    const after = { plan: wire.plan?.code ?? null, reason: reason ?? null };
    await this.accounts.note(account, { action: 'billing.plan_canceled', after });
    return wire;
  }
}
