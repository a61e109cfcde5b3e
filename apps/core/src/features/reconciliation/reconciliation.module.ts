import { Module } from '@nestjs/common';

import { PaymentsModule } from '../payments/payments.module.js';
import { ReconciliationJobs } from './reconciliation.jobs.js';
import { ReconciliationsController } from './reconciliations.controller.js';

@Module({
  imports: [PaymentsModule],
  controllers: [ReconciliationsController],
  providers: [ReconciliationJobs],
})
export class ReconciliationModule {}
