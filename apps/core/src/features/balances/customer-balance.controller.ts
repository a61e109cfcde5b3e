import { Body, Controller, Get, Param, Post, Query } from '@nestjs/common';
import type { Prisma } from '@nova/prisma-tenant';

import { notFound } from '../../platform/errors/common-errors.js';
import { Ctx } from '../../platform/http/ctx.decorator.js';
import { Cursors } from '../../platform/http/cursors.js';
import { Endpoint } from '../../platform/http/endpoint.decorator.js';
import { paginate } from '../../platform/http/pagination.js';
import type { TenantContext } from '../../tenancy/tenant-context.js';
import { requireCustomer } from '../customers/customers.repository.js';
import { amountTooLarge } from '../invoices/invoices.errors.js';
import { adjustBalance } from './adjust-balance.js';
import {
  type AdjustBalance,
  AdjustBalanceSchema,
  BalanceEntryListSchema,
  BalanceEntrySchema,
  BalanceSchema,
  type ListBalanceEntriesQuery,
  ListBalanceEntriesQuerySchema,
  toBalanceEntryWire,
  toBalanceWire,
} from './balance-wire.js';
import { balanceTooLow } from './balances.errors.js';

@Controller('customers/:id/balance')
export class CustomerBalanceController {
  constructor(private readonly cursors: Cursors) {}

  @Get()
  @Endpoint({
    summary: 'Retrieve a customer’s balance',
    description: 'What you owe the customer, by currency. Its next invoices take it when they are issued.',
    access: 'customers:read',
    returns: BalanceSchema,
    errors: [notFound],
    operationId: 'retrieveCustomerBalance',
  })
  async retrieve(@Ctx() ctx: TenantContext, @Param('id') reference: string) {
    const { id } = await requireCustomer(ctx.db, reference);
    const rows = await ctx.db.customerBalance.findMany({
      where: { customerId: id },
      orderBy: { currency: 'asc' },
    });
    return toBalanceWire(id, rows);
  }

  @Get('entries')
  @Endpoint({
    summary: 'List what moved a customer’s balance',
    access: 'customers:read',
    returns: BalanceEntryListSchema,
    errors: [notFound],
    operationId: 'listBalanceEntries',
  })
  async entries(
    @Ctx() ctx: TenantContext,
    @Param('id') reference: string,
    @Query({ schema: ListBalanceEntriesQuerySchema }) query: ListBalanceEntriesQuery,
  ) {
    const { id: customerId } = await requireCustomer(ctx.db, reference);
    const filters: Prisma.BalanceEntryWhereInput[] = [{ customerId }];
    if (query.currency !== undefined) filters.push({ currency: query.currency });
    if (query.kind !== undefined) filters.push({ kind: query.kind });
    return paginate({
      query,
      cursors: this.cursors,
      fetch: ({ where, orderBy, take }) =>
        ctx.db.balanceEntry.findMany({ where: { AND: [where, ...filters] }, orderBy, take }),
      toWire: toBalanceEntryWire,
    });
  }

  @Post('adjustments')
  @Endpoint({
    summary: 'Adjust a customer’s balance',
    description: 'Gives credit for the next invoices, or takes some of it back: never below zero.',
    access: 'payments:write',
    status: 201,
    returns: BalanceEntrySchema,
    errors: [notFound, balanceTooLow, amountTooLarge],
    example: { currency: 'NGN', amount: 500000, note: 'Sorry for the outage of 3 March' },
    operationId: 'adjustCustomerBalance',
  })
  async adjust(
    @Ctx() ctx: TenantContext,
    @Param('id') reference: string,
    @Body({ schema: AdjustBalanceSchema }) input: AdjustBalance,
  ) {
    return toBalanceEntryWire(await adjustBalance(ctx, reference, input));
  }
}
