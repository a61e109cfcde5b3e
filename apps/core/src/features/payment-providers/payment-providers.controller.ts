import { Body, Controller, Delete, Get, Param, Patch, Post, Query } from '@nestjs/common';

import { invalidRequest, notFound, preconditionFailed } from '../../platform/errors/common-errors.js';
import { Ctx } from '../../platform/http/ctx.decorator.js';
import { Cursors } from '../../platform/http/cursors.js';
import { Endpoint } from '../../platform/http/endpoint.decorator.js';
import { type ExpectedVersions, IfMatch } from '../../platform/http/if-match.js';
import { paginate } from '../../platform/http/pagination.js';
import { newId } from '../../platform/ids/new-id.js';
import type { TenantContext } from '../../tenancy/tenant-context.js';
import { KeyedOperation, type Operation } from '../idempotency/operation.js';
import { chooseProvider } from '../payments/choose-provider.js';
import { type AccountWithAddress, createPaymentProvider } from './create-payment-provider.js';
import {
  PaymentProviderListSchema,
  PaymentProviderSchema,
  PaymentProviderTestSchema,
  PaymentProviderWithAddressSchema,
  toPaymentProviderWire,
  toRegistrationWire,
} from './payment-provider-wire.js';
import { keyOfOtherMode, noProviderForCurrency, paymentProviderExists } from './payment-providers.errors.js';
import {
  type ChoosePaymentProviderQuery,
  ChoosePaymentProviderQuerySchema,
  type CreatePaymentProvider,
  CreatePaymentProviderSchema,
  type ListPaymentProvidersQuery,
  ListPaymentProvidersQuerySchema,
  type UpdatePaymentProvider,
  UpdatePaymentProviderSchema,
} from './payment-providers.schemas.js';
import { ensureReconciliation } from '../reconciliation/ensure-reconciliation.js';
import { ProviderDesk } from './provider-desk.js';
import { registerWebhooks } from './register-webhooks.js';
import { testPaymentProvider } from './test-payment-provider.js';
import {
  deletePaymentProvider,
  rollWebhookAddress,
  updatePaymentProvider,
} from './update-payment-provider.js';

@Controller('payment-providers')
export class PaymentProvidersController {
  constructor(
    private readonly desk: ProviderDesk,
    private readonly cursors: Cursors,
  ) {}

  @Post()
  @Endpoint({
    summary: 'Create a payment provider',
    description:
      'Your account with Paystack, Flutterwave, M-Pesa or Stripe, one of each in test and in live mode. Credentials are kept sealed and never shown again. Put the address of the answer where the provider asks for a webhook URL; M-Pesa is told it by us, and the answer says what came of that.',
    access: 'payment_providers:write',
    status: 201,
    returns: PaymentProviderWithAddressSchema,
    errors: [paymentProviderExists, keyOfOtherMode, invalidRequest],
    idempotency: 'sealed',
    example: {
      provider: 'paystack',
      credentials: { secretKey: 'sk_test_xxxxxxxxxxxxxxxx' },
      currencies: ['NGN'],
    },
    operationId: 'createPaymentProvider',
  })
  async create(
    @Ctx() ctx: TenantContext,
    @Body({ schema: CreatePaymentProviderSchema }) input: CreatePaymentProvider,
    @KeyedOperation() operation: Operation,
  ) {
    const id = await operation.decide(() => newId('ppa'));
    const made = await createPaymentProvider(this.desk, ctx, { id, input });
    // Customers may pay to the account before anything is asked of it.
    await ctx.transaction((tx) => ensureReconciliation(ctx, tx, input.provider));
    return this.withAddress(ctx, made);
  }

  @Get()
  @Endpoint({
    summary: 'List payment providers',
    description: 'Those of the mode of your key, with what each can do.',
    access: 'payment_providers:read',
    returns: PaymentProviderListSchema,
    operationId: 'listPaymentProviders',
  })
  list(
    @Ctx() ctx: TenantContext,
    @Query({ schema: ListPaymentProvidersQuerySchema }) query: ListPaymentProvidersQuery,
  ) {
    const filter = {
      tenantDatabaseId: ctx.databaseId,
      ...(query.provider === undefined ? {} : { provider: query.provider }),
    };
    return paginate({
      query,
      cursors: this.cursors,
      fetch: ({ where, orderBy, take }) =>
        this.desk.central.paymentAccount.findMany({ where: { AND: [filter, where] }, orderBy, take }),
      toWire: (row) => toPaymentProviderWire(row, ctx.mode, this.desk.clock.now()),
    });
  }

  @Get('choice')
  @Endpoint({
    summary: 'Find the payment provider for a payment',
    description: 'The one that a new payment would go to: by currency, sum and your order.',
    access: 'payment_providers:read',
    returns: PaymentProviderSchema,
    errors: [noProviderForCurrency, invalidRequest],
    operationId: 'choosePaymentProvider',
  })
  async choose(
    @Ctx() ctx: TenantContext,
    @Query({ schema: ChoosePaymentProviderQuerySchema }) query: ChoosePaymentProviderQuery,
  ) {
    const { currency, amount, unattended } = query;
    const chosen = chooseProvider(await this.desk.accounts.usable(ctx.databaseId), {
      currency,
      amount: amount === undefined ? null : BigInt(amount),
      how: unattended === 'true' ? 'unattended' : 'attended',
    });
    if (!chosen)
      throw noProviderForCurrency(`No payment provider of yours takes this payment in ${currency}.`);
    return toPaymentProviderWire(chosen, ctx.mode, this.desk.clock.now());
  }

  @Get(':id')
  @Endpoint({
    summary: 'Retrieve a payment provider',
    access: 'payment_providers:read',
    returns: PaymentProviderSchema,
    errors: [notFound],
    operationId: 'retrievePaymentProvider',
  })
  async retrieve(@Ctx() ctx: TenantContext, @Param('id') id: string) {
    return toPaymentProviderWire(await this.desk.require(ctx, id), ctx.mode, this.desk.clock.now());
  }

  @Patch(':id')
  @Endpoint({
    summary: 'Change a payment provider',
    description:
      'New credentials are used at once. Webhooks that the old ones prove are taken for the overlap you choose.',
    access: 'payment_providers:write',
    returns: PaymentProviderSchema,
    errors: [notFound, preconditionFailed, keyOfOtherMode, invalidRequest],
    example: { priority: 10, currencies: ['NGN', 'GHS'] },
    operationId: 'updatePaymentProvider',
  })
  async update(
    @Ctx() ctx: TenantContext,
    @Param('id') id: string,
    @Body({ schema: UpdatePaymentProviderSchema }) input: UpdatePaymentProvider,
    @IfMatch() expected: ExpectedVersions,
  ) {
    const changed = await updatePaymentProvider(this.desk, ctx, { id, expected }, input);
    return toPaymentProviderWire(changed, ctx.mode, this.desk.clock.now());
  }

  @Delete(':id')
  @Endpoint({
    summary: 'Delete a payment provider',
    description:
      'Its credentials are gone. Payments made with it can no longer be asked after or refunded by it.',
    access: 'payment_providers:write',
    returns: null,
    errors: [notFound],
    operationId: 'deletePaymentProvider',
  })
  async delete(@Ctx() ctx: TenantContext, @Param('id') id: string) {
    await deletePaymentProvider(this.desk, ctx, id);
  }

  @Post(':id/test')
  @Endpoint({
    summary: 'Test a payment provider',
    description: 'Makes a call that moves no money, and says whether the provider took the credentials.',
    access: 'payment_providers:write',
    status: 200,
    returns: PaymentProviderTestSchema,
    errors: [notFound],
    idempotency: 'ignored',
    operationId: 'testPaymentProvider',
  })
  async test(@Ctx() ctx: TenantContext, @Param('id') id: string) {
    const test = await testPaymentProvider(this.desk, ctx, id);
    return {
      object: 'payment_provider_test',
      paymentProviderId: id,
      result: test.kind,
      message: 'message' in test ? test.message : null,
      durationMs: test.durationMs,
      webhookRegistration: test.registration && toRegistrationWire(test.registration),
    };
  }

  @Post(':id/webhook-address')
  @Endpoint({
    summary: 'Give a payment provider a new webhook address',
    description:
      'The old address is none any more. Put the new one where the provider asks for it; M-Pesa is told it by us, and changes it on request only once an account is live.',
    access: 'payment_providers:write',
    status: 200,
    returns: PaymentProviderWithAddressSchema,
    errors: [notFound],
    idempotency: 'sealed',
    operationId: 'rollPaymentProviderAddress',
  })
  async rollAddress(@Ctx() ctx: TenantContext, @Param('id') id: string) {
    return this.withAddress(ctx, await rollWebhookAddress(this.desk, ctx, id));
  }

  private async withAddress(ctx: TenantContext, { account, webhookUrl }: AccountWithAddress) {
    return {
      ...toPaymentProviderWire(account, ctx.mode, this.desk.clock.now()),
      webhookUrl,
      webhookRegistration: toRegistrationWire(await registerWebhooks(this.desk, ctx, account)),
    };
  }
}
