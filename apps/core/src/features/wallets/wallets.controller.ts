import { Body, Controller, Get, HttpCode, Param, Patch, Post, Query } from '@nestjs/common';

import { invalidRequest, notFound, preconditionFailed } from '../../platform/errors/common-errors.js';
import { Ctx } from '../../platform/http/ctx.decorator.js';
import { Cursors } from '../../platform/http/cursors.js';
import { Endpoint } from '../../platform/http/endpoint.decorator.js';
import { type ExpectedVersions, IfMatch } from '../../platform/http/if-match.js';
import { externalIdTaken } from '../../platform/wire/external-id-taken.js';
import type { TenantContext } from '../../tenancy/tenant-context.js';
import { closeWallet } from './close-wallet.js';
import { createWallet } from './create-wallet.js';
import { requireWallet } from './move-wallet.js';
import { updateWallet } from './update-wallet.js';
import { toWalletWire, WalletListSchema, WalletSchema } from './wallet-wire.js';
import { walletClosed, walletTopUpPending } from './wallets.errors.js';
import { listWallets } from './wallets.repository.js';
import {
  type CloseWallet,
  CloseWalletSchema,
  type CreateWallet,
  CreateWalletSchema,
  type ListWalletsQuery,
  ListWalletsQuerySchema,
  type UpdateWallet,
  UpdateWalletSchema,
} from './wallets.schemas.js';

@Controller('wallets')
export class WalletsController {
  constructor(private readonly cursors: Cursors) {}

  @Post()
  @Endpoint({
    summary: 'Create a wallet',
    description:
      'Money that a customer has paid ahead, or was given. Its invoices draw from it when they are issued, after tax: the wallet with the lowest priority first, in it what expires first, then the oldest.',
    access: 'wallets:write',
    status: 201,
    returns: WalletSchema,
    errors: [notFound, externalIdTaken, invalidRequest],
    example: {
      customerId: 'cus_01ke4v7m2qf7ct3xv0ab9d8h6r',
      name: 'API credit',
      currency: 'NGN',
      autoTopUp: { threshold: 500000, amount: 2000000 },
    },
    operationId: 'createWallet',
  })
  async create(@Ctx() ctx: TenantContext, @Body({ schema: CreateWalletSchema }) input: CreateWallet) {
    return toWalletWire(await createWallet(ctx, input));
  }

  @Get()
  @Endpoint({
    summary: 'List wallets',
    access: 'wallets:read',
    returns: WalletListSchema,
    operationId: 'listWallets',
  })
  list(@Ctx() ctx: TenantContext, @Query({ schema: ListWalletsQuerySchema }) query: ListWalletsQuery) {
    return listWallets(ctx, this.cursors, query);
  }

  @Get(':id')
  @Endpoint({
    summary: 'Retrieve a wallet',
    description: 'By its id or your external id.',
    access: 'wallets:read',
    returns: WalletSchema,
    errors: [notFound],
    operationId: 'retrieveWallet',
  })
  async retrieve(@Ctx() ctx: TenantContext, @Param('id') idOrExternalId: string) {
    return toWalletWire(await requireWallet(ctx.db, idOrExternalId));
  }

  @Patch(':id')
  @Endpoint({
    summary: 'Change a wallet',
    access: 'wallets:write',
    returns: WalletSchema,
    errors: [notFound, walletClosed, externalIdTaken, preconditionFailed, invalidRequest],
    example: { priority: 10, autoTopUp: null },
    operationId: 'updateWallet',
  })
  async update(
    @Ctx() ctx: TenantContext,
    @Param('id') idOrExternalId: string,
    @Body({ schema: UpdateWalletSchema }) input: UpdateWallet,
    @IfMatch() expected: ExpectedVersions,
  ) {
    return toWalletWire(await updateWallet(ctx, idOrExternalId, input, expected));
  }

  @Post(':id/close')
  @HttpCode(200)
  @Endpoint({
    summary: 'Close a wallet',
    description:
      'For good. What was paid for and is left goes to the customer’s balance; what was given is gone.',
    access: 'wallets:write',
    returns: WalletSchema,
    errors: [notFound, walletClosed, walletTopUpPending, preconditionFailed],
    example: { unused: 'balance' },
    operationId: 'closeWallet',
  })
  async close(
    @Ctx() ctx: TenantContext,
    @Param('id') idOrExternalId: string,
    @Body({ schema: CloseWalletSchema }) input: CloseWallet,
    @IfMatch() expected: ExpectedVersions,
  ) {
    return toWalletWire(await closeWallet(ctx, idOrExternalId, input, expected));
  }
}
