import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';

import { CONFIG } from '../../platform/config/config.module.js';
import type { Config } from '../../platform/config/config.schema.js';
import { Mailer } from '../../platform/mail/mailer.js';
import { JobHandlers } from '../../tenancy/jobs/job-handlers.js';
import { HostedLinks } from '../hosted-pages/hosted-links.js';
import { PayLinks } from '../hosted-pages/pay-links.js';
import { sendInvoiceEmail, type MailDeps } from './send-invoice-email.js';

/** Sends the e-mails that invoices owe their customers. */
@Injectable()
export class InvoiceEmailsJobs implements OnModuleInit {
  constructor(
    private readonly handlers: JobHandlers,
    private readonly mailer: Mailer,
    private readonly links: HostedLinks,
    private readonly payLinks: PayLinks,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  onModuleInit(): void {
    const deps: MailDeps = {
      mailer: this.mailer,
      links: this.links,
      payLinks: this.payLinks,
      messageIdHost: new URL(this.config.publicUrl).hostname,
    };
    this.handlers.register('invoices.email', (ctx, { emailId }) => sendInvoiceEmail(deps, ctx, emailId));
  }
}
