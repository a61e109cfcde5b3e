import { Module } from '@nestjs/common';

import { CustomerPaymentMethodsController } from './customer-payment-methods.controller.js';
import { PaymentMethodsController } from './payment-methods.controller.js';

@Module({ controllers: [CustomerPaymentMethodsController, PaymentMethodsController] })
export class PaymentMethodsModule {}
