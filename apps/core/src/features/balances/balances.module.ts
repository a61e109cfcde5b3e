import { Module } from '@nestjs/common';

import { CustomerBalanceController } from './customer-balance.controller.js';

@Module({ controllers: [CustomerBalanceController] })
export class BalancesModule {}
