import { Module } from '@nestjs/common';

import { HostedPagesModule } from '../hosted-pages/hosted-pages.module.js';
import { PayLinksModule } from '../hosted-pages/pay-links.module.js';
import { InvoiceEmailsJobs } from './invoice-emails.jobs.js';

@Module({ imports: [HostedPagesModule, PayLinksModule], providers: [InvoiceEmailsJobs] })
export class InvoiceEmailsModule {}
