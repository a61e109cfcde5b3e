import { Module } from '@nestjs/common';

import { HostedPagesModule } from '../hosted-pages/hosted-pages.module.js';
import { InvoiceEmailsJobs } from './invoice-emails.jobs.js';

@Module({ imports: [HostedPagesModule], providers: [InvoiceEmailsJobs] })
export class InvoiceEmailsModule {}
