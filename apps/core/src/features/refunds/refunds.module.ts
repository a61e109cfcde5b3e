import { Module } from '@nestjs/common';

import { PaymentsModule } from '../payments/payments.module.js';
import { PaymentRefundsController } from './payment-refunds.controller.js';
import { RefundsController } from './refunds.controller.js';
import { RefundsJobs } from './refunds.jobs.js';

@Module({
  imports: [PaymentsModule],
  controllers: [RefundsController, PaymentRefundsController],
  providers: [RefundsJobs],
})
export class RefundsModule {}
