import { Module } from '@nestjs/common';

import { WalletMovementsController } from './wallet-movements.controller.js';
import { WalletsController } from './wallets.controller.js';
import { WalletsJobs } from './wallets.jobs.js';

@Module({ controllers: [WalletsController, WalletMovementsController], providers: [WalletsJobs] })
export class WalletsModule {}
