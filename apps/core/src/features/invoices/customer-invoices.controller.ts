import { Controller, Get, Param, Query } from '@nestjs/common';

import { notFound } from '../../platform/errors/common-errors.js';
import { Ctx } from '../../platform/http/ctx.decorator.js';
import { Cursors } from '../../platform/http/cursors.js';
import { Endpoint } from '../../platform/http/endpoint.decorator.js';
import type { TenantContext } from '../../tenancy/tenant-context.js';
import { requireCustomer } from '../customers/customers.repository.js';
import { HostedLinks } from '../hosted-pages/hosted-links.js';
import { InvoiceListSchema } from './invoice-wire.js';
import { listInvoices } from './invoices.repository.js';
import { type ListInvoicesOfCustomerQuery, ListInvoicesOfCustomerQuerySchema } from './invoices.schemas.js';

@Controller('customers/:id/invoices')
export class CustomerInvoicesController {
  constructor(
    readonly cursors: Cursors,
    readonly links: HostedLinks,
  ) {}

  @Get()
  @Endpoint({
    summary: 'List a customer’s invoices',
    access: 'invoices:read',
    returns: InvoiceListSchema,
    errors: [notFound],
    operationId: 'listCustomerInvoices',
  })
  async list(
    @Ctx() ctx: TenantContext,
    @Param('id') reference: string,
    @Query({ schema: ListInvoicesOfCustomerQuerySchema }) query: ListInvoicesOfCustomerQuery,
  ) {
    const customer = await requireCustomer(ctx.db, reference);
    return listInvoices(ctx, this, { ...query, customer: customer.id });
  }
}
