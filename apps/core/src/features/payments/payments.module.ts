import { Module } from '@nestjs/common';

import { HostedPagesModule } from '../hosted-pages/hosted-pages.module.js';
import { CustomerPaymentsController } from './customer-payments.controller.js';
import { PayInvoiceController } from './pay-invoice.controller.js';
import { PaymentsController } from './payments.controller.js';
import { PaymentsJobs } from './payments.jobs.js';
import { PaymentProviders } from './providers/payment-providers.js';
import { ProviderAccounts } from './providers/provider-accounts.js';

@Module({
  imports: [HostedPagesModule],
  controllers: [PaymentsController, PayInvoiceController, CustomerPaymentsController],
  providers: [ProviderAccounts, PaymentProviders, PaymentsJobs],
  exports: [ProviderAccounts, PaymentProviders],
})
export class PaymentsModule {}
