import { Module } from '@nestjs/common';

import { CustomerInvoicesController } from './customer-invoices.controller.js';
import { InvoiceActionsController } from './invoice-actions.controller.js';
import { InvoicesController } from './invoices.controller.js';

@Module({ controllers: [InvoicesController, InvoiceActionsController, CustomerInvoicesController] })
export class InvoicesModule {}
