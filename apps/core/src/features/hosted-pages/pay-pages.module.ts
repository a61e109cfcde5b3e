import { Module } from '@nestjs/common';

import { PaymentsModule } from '../payments/payments.module.js';
import { HostedPagesModule } from './hosted-pages.module.js';
import { PayLinksModule } from './pay-links.module.js';
import { PayPagesController } from './pay-pages.controller.js';
import { PaymentPagesController } from './payment-pages.controller.js';
import { PaymentWatch } from './payment-watch.js';
import { SandboxPagesController } from './sandbox-pages.controller.js';
import { Visits } from './visits.js';

/** The pages that customers pay on. Their addresses are of another module, which knows no payments. */
@Module({
  imports: [HostedPagesModule, PayLinksModule, PaymentsModule],
  controllers: [PayPagesController, PaymentPagesController, SandboxPagesController],
  providers: [Visits, PaymentWatch],
})
export class PayPagesModule {}
