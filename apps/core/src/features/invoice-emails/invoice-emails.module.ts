import { Module } from '@nestjs/common';

import { InvoiceEmailsJobs } from './invoice-emails.jobs.js';

@Module({ providers: [InvoiceEmailsJobs] })
export class InvoiceEmailsModule {}
