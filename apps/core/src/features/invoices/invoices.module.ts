import { Module } from '@nestjs/common';

import { HostedPagesModule } from '../hosted-pages/hosted-pages.module.js';
import { PayLinksModule } from '../hosted-pages/pay-links.module.js';
import { CustomerInvoicesController } from './customer-invoices.controller.js';
import { InvoiceActionsController } from './invoice-actions.controller.js';
import { InvoicesController } from './invoices.controller.js';

@Module({
  imports: [HostedPagesModule, PayLinksModule],
  controllers: [InvoicesController, InvoiceActionsController, CustomerInvoicesController],
})
export class InvoicesModule {}
