import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import type { Transporter } from 'nodemailer';
import type SMTPPool from 'nodemailer/lib/smtp-pool/index.js';

import { CONFIG } from '../config/config.module.js';
import type { Config } from '../config/config.schema.js';

export interface MailAttachment {
  readonly filename: string;
  readonly content: Buffer;
  readonly contentType: string;
}

export interface OutgoingMail {
  /** One address, without a name. */
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  readonly attachments?: readonly MailAttachment[];
  /** Made from what the message is about, so that a message sent twice is known as one. */
  readonly messageId: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/**
 * How long the server may take for each step. A sender may hold a database transaction meanwhile, so together they
 * stay below the 30 s that one may last.
 */
const TIMEOUTS = { connectionTimeout: 8_000, greetingTimeout: 6_000, socketTimeout: 12_000 };

/** Sends e-mail over SMTP, on a few connections that are kept open. */
@Injectable()
export class Mailer implements OnApplicationShutdown {
  private transport: Transporter<SMTPPool.SentMessageInfo> | null = null;
  private readonly underWay = new Set<Promise<unknown>>();

  constructor(@Inject(CONFIG) private readonly config: Pick<Config, 'mail'>) {}

  /** Resolves once the server has taken the message. Any refusal or silence throws: the caller's job tries again. */
  async send(message: OutgoingMail): Promise<void> {
    const sending = this.deliver(message);
    this.underWay.add(sending);
    try {
      await sending;
    } finally {
      this.underWay.delete(sending);
    }
  }

  /** Lets what is under way arrive, then closes the connections. */
  async onApplicationShutdown(): Promise<void> {
    await Promise.allSettled(this.underWay);
    this.transport?.close();
    this.transport = null;
  }

  private async deliver(message: OutgoingMail): Promise<void> {
    const transport = await this.open();
    await transport.sendMail({
      // As an object, an address cannot turn into a list of them.
      to: { name: '', address: message.to },
      subject: message.subject,
      text: message.text,
      html: message.html,
      messageId: message.messageId,
      attachments: message.attachments?.map((attachment) => ({ ...attachment })),
      headers: { ...message.headers },
    });
  }

  private async open(): Promise<Transporter<SMTPPool.SentMessageInfo>> {
    const { smtpUrl, from } = this.config.mail;
    if (smtpUrl === null) throw new Error('E-mail cannot be sent: SMTP_URL is not set.');
    // Loaded with the first message: most processes never send one.
    const { createTransport } = await import('nodemailer');
    this.transport ??= createTransport(
      {
        url: smtpUrl,
        pool: true,
        maxConnections: 4,
        ...TIMEOUTS,
        // Content is handed in; a message never makes the process read a file or fetch an address.
        disableFileAccess: true,
        disableUrlAccess: true,
      },
      { from },
    );
    return this.transport;
  }
}
