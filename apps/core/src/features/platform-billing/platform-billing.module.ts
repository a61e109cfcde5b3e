import { Module } from '@nestjs/common';

import { AuthModule } from '../auth/auth.module.js';
import { HostedPagesModule } from '../hosted-pages/hosted-pages.module.js';
import { PayLinksModule } from '../hosted-pages/pay-links.module.js';
import { PaymentsModule } from '../payments/payments.module.js';
import { AccountBooks } from './account-books.js';
import { BillingController } from './billing.controller.js';
import { BillingCheckoutController } from './checkout/billing-checkout.controller.js';
import { CheckoutDesk } from './checkout/checkout-desk.js';
import { PlatformAccountsModule } from './platform-accounts.module.js';
import { PlatformBillingJobs } from './platform-billing.jobs.js';

/** The platform bills its tenants by its own engine, as customers of a tenant of its own (ADR 0009). */
@Module({
  imports: [AuthModule, PlatformAccountsModule, PaymentsModule, HostedPagesModule, PayLinksModule],
  controllers: [BillingController, BillingCheckoutController],
  providers: [PlatformBillingJobs, AccountBooks, CheckoutDesk],
})
export class PlatformBillingModule {}
