import { Body, Controller, Delete, Get, Param, Patch, Post, Query } from '@nestjs/common';

import { invalidRequest, notFound, preconditionFailed } from '../../platform/errors/common-errors.js';
import { Ctx } from '../../platform/http/ctx.decorator.js';
import { Cursors } from '../../platform/http/cursors.js';
import { Endpoint } from '../../platform/http/endpoint.decorator.js';
import { type ExpectedVersions, IfMatch } from '../../platform/http/if-match.js';
import { externalIdTaken } from '../../platform/wire/external-id-taken.js';
import type { TenantContext } from '../../tenancy/tenant-context.js';
import { providerNotConfigured } from '../payment-methods/payment-methods.errors.js';
import { createCustomer } from './create-customer.js';
import { CustomerListSchema, CustomerSchema, toCustomerWire } from './customer-wire.js';
import { customerInUse } from './customers.errors.js';
import { listCustomers, requireCustomer } from './customers.repository.js';
import {
  type CreateCustomer,
  CreateCustomerSchema,
  type ListCustomersQuery,
  ListCustomersQuerySchema,
  type UpdateCustomer,
  UpdateCustomerSchema,
} from './customers.schemas.js';
import { deleteCustomer } from './delete-customer.js';
import { updateCustomer } from './update-customer.js';

@Controller('customers')
export class CustomersController {
  constructor(private readonly cursors: Cursors) {}

  @Post()
  @Endpoint({
    summary: 'Create a customer',
    description: 'Only the name is needed. Invoices can be e-mailed once there is an `email`.',
    access: 'customers:write',
    status: 201,
    returns: CustomerSchema,
    errors: [externalIdTaken, providerNotConfigured, invalidRequest],
    example: {
      name: 'Mama Njeri Bakery',
      externalId: 'bakery-17',
      email: 'accounts@mamanjeri.example',
      phone: '+254712345678',
      currency: 'KES',
      country: 'KE',
      timeZone: 'Africa/Nairobi',
      address: { line1: '7 Moi Avenue', city: 'Nairobi', country: 'KE' },
      metadata: { branch: 'Westlands' },
    },
    operationId: 'createCustomer',
  })
  async create(@Ctx() ctx: TenantContext, @Body({ schema: CreateCustomerSchema }) input: CreateCustomer) {
    return toCustomerWire(await createCustomer(ctx, input));
  }

  @Get()
  @Endpoint({
    summary: 'List customers',
    access: 'customers:read',
    returns: CustomerListSchema,
    operationId: 'listCustomers',
  })
  list(@Ctx() ctx: TenantContext, @Query({ schema: ListCustomersQuerySchema }) query: ListCustomersQuery) {
    return listCustomers(ctx, this.cursors, query);
  }

  @Get(':id')
  @Endpoint({
    summary: 'Retrieve a customer',
    description: 'By its id or your external id.',
    access: 'customers:read',
    returns: CustomerSchema,
    errors: [notFound],
    operationId: 'retrieveCustomer',
  })
  async retrieve(@Ctx() ctx: TenantContext, @Param('id') idOrExternalId: string) {
    return toCustomerWire(await requireCustomer(ctx.db, idOrExternalId));
  }

  @Patch(':id')
  @Endpoint({
    summary: 'Change a customer',
    description: 'What is named changes, `null` clears. Invoices that were issued keep what they say.',
    access: 'customers:write',
    returns: CustomerSchema,
    errors: [notFound, externalIdTaken, preconditionFailed, invalidRequest],
    example: { email: 'billing@mamanjeri.example', address: { line2: 'Second floor' }, taxId: null },
    operationId: 'updateCustomer',
  })
  async update(
    @Ctx() ctx: TenantContext,
    @Param('id') idOrExternalId: string,
    @Body({ schema: UpdateCustomerSchema }) input: UpdateCustomer,
    @IfMatch() expected: ExpectedVersions,
  ) {
    return toCustomerWire(await updateCustomer(ctx, idOrExternalId, input, expected));
  }

  @Delete(':id')
  @Endpoint({
    summary: 'Delete a customer',
    description:
      'Its payment methods are detached and its external id is free again; what was invoiced and paid stays on record. Refused while it has a subscription that is not canceled, or an invoice that is a draft or open.',
    access: 'customers:write',
    returns: null,
    errors: [notFound, customerInUse, preconditionFailed],
    operationId: 'deleteCustomer',
  })
  async remove(
    @Ctx() ctx: TenantContext,
    @Param('id') idOrExternalId: string,
    @IfMatch() expected: ExpectedVersions,
  ) {
    await deleteCustomer(ctx, idOrExternalId, expected);
  }
}
