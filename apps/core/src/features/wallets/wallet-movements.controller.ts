import { Body, Controller, Get, Param, Post, Query } from '@nestjs/common';

import { invalidRequest, notFound } from '../../platform/errors/common-errors.js';
import { Ctx } from '../../platform/http/ctx.decorator.js';
import { Cursors } from '../../platform/http/cursors.js';
import { Endpoint } from '../../platform/http/endpoint.decorator.js';
import type { TenantContext } from '../../tenancy/tenant-context.js';
import { amountTooLarge } from '../invoices/invoices.errors.js';
import { topUpWallet } from './top-up-wallet.js';
import {
  toTopUpWire,
  WalletEntryListSchema,
  WalletTopUpListSchema,
  WalletTopUpSchema,
} from './wallet-wire.js';
import { walletClosed } from './wallets.errors.js';
import { listTopUps, listWalletEntries } from './wallets.repository.js';
import {
  type ListTopUpsQuery,
  ListTopUpsQuerySchema,
  type ListWalletEntriesQuery,
  ListWalletEntriesQuerySchema,
  type TopUpWallet,
  TopUpWalletSchema,
} from './wallets.schemas.js';

/** What goes into a wallet and out of it. */
@Controller('wallets/:id')
export class WalletMovementsController {
  constructor(private readonly cursors: Cursors) {}

  @Post('top-ups')
  @Endpoint({
    summary: 'Top a wallet up',
    description:
      'A paid top-up makes an invoice, charged to the default payment method where there is one, and is there when that is paid; it is not taxed, for what it is used for will be. A free one is there at once.',
    access: 'wallets:write',
    status: 201,
    returns: WalletTopUpSchema,
    errors: [notFound, walletClosed, amountTooLarge, invalidRequest],
    example: { amount: 2000000, kind: 'paid' },
    operationId: 'topUpWallet',
  })
  async topUp(
    @Ctx() ctx: TenantContext,
    @Param('id') wallet: string,
    @Body({ schema: TopUpWalletSchema }) input: TopUpWallet,
  ) {
    return toTopUpWire(await topUpWallet(ctx, wallet, input));
  }

  @Get('top-ups')
  @Endpoint({
    summary: 'List a wallet’s top-ups',
    access: 'wallets:read',
    returns: WalletTopUpListSchema,
    errors: [notFound],
    operationId: 'listWalletTopUps',
  })
  topUps(
    @Ctx() ctx: TenantContext,
    @Param('id') wallet: string,
    @Query({ schema: ListTopUpsQuerySchema }) query: ListTopUpsQuery,
  ) {
    return listTopUps(ctx, this.cursors, wallet, query);
  }

  @Get('entries')
  @Endpoint({
    summary: 'List what went into a wallet and out of it',
    access: 'wallets:read',
    returns: WalletEntryListSchema,
    errors: [notFound],
    operationId: 'listWalletEntries',
  })
  entries(
    @Ctx() ctx: TenantContext,
    @Param('id') wallet: string,
    @Query({ schema: ListWalletEntriesQuerySchema }) query: ListWalletEntriesQuery,
  ) {
    return listWalletEntries(ctx, this.cursors, wallet, query);
  }
}
