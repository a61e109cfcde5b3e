import { Module } from '@nestjs/common';

import { PaymentsModule } from '../payments/payments.module.js';
import { CustomerPaymentMethodsController } from './customer-payment-methods.controller.js';
import { PaymentMethodsController } from './payment-methods.controller.js';
import { PaymentMethodsJobs } from './payment-methods.jobs.js';

@Module({
  imports: [PaymentsModule],
  controllers: [CustomerPaymentMethodsController, PaymentMethodsController],
  providers: [PaymentMethodsJobs],
})
export class PaymentMethodsModule {}
