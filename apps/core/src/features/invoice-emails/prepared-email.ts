import type { HostedLinks } from '../hosted-pages/hosted-links.js';
import type { PayLinks } from '../hosted-pages/pay-links.js';
import type { ComposedEmail } from './compose-invoice-email.js';

/** What e-mails are made of besides the tenant's rows. */
export interface EmailParts {
  readonly links: HostedLinks;
  readonly payLinks: PayLinks;
}

/** An e-mail as it is going to be sent. */
export interface PreparedEmail extends ComposedEmail {
  /** Answers go to the seller, not to the platform that sends for them. */
  readonly replyTo: string | null;
  readonly attachment: { readonly filename: string; readonly content: Buffer };
}
