import { Module } from '@nestjs/common';

import { PayLinksModule } from '../hosted-pages/pay-links.module.js';
import { NotificationsModule } from '../notifications/notifications.module.js';
import { PaymentsModule } from '../payments/payments.module.js';
import { DunningPoliciesController } from './dunning-policies.controller.js';
import { DunningJobs } from './dunning.jobs.js';
import { InvoiceDunningController } from './invoice-dunning.controller.js';

@Module({
  imports: [PaymentsModule, PayLinksModule, NotificationsModule],
  controllers: [DunningPoliciesController, InvoiceDunningController],
  providers: [DunningJobs],
})
export class DunningModule {}
