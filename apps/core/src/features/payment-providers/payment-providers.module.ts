import { Module } from '@nestjs/common';

import { PaymentsModule } from '../payments/payments.module.js';
import { PaymentProvidersController } from './payment-providers.controller.js';
import { ProviderDesk } from './provider-desk.js';

/** Tenants' accounts with the companies that move money for them. */
@Module({ imports: [PaymentsModule], controllers: [PaymentProvidersController], providers: [ProviderDesk] })
export class PaymentProvidersModule {}
