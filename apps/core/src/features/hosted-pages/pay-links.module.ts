import { Module } from '@nestjs/common';

import { PaymentsModule } from '../payments/payments.module.js';
import { HostedPagesModule } from './hosted-pages.module.js';
import { PayLinks } from './pay-links.js';

@Module({
  imports: [HostedPagesModule, PaymentsModule],
  providers: [PayLinks],
  exports: [PayLinks],
})
export class PayLinksModule {}
