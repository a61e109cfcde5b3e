import { once } from 'node:events';
import type { AddressInfo } from 'node:net';

import { SMTPServer, type SMTPServerDataStream, type SMTPServerSession } from 'smtp-server';

import { systemClock } from '../clock/clock.js';
import { newId } from '../ids/new-id.js';
import { type CaughtMail, deliveryHeaders, openMail } from './caught-mail.js';
import { MailStore } from './mail-store.js';

const LIMITS = { messagesMax: 500, bytesMax: 64 * 1024 * 1024 };
const MESSAGE_BYTES_MAX = 15 * 1024 * 1024;
/** Senders keep connections open; closing does not wait for them longer than this. */
const CLOSE_TIMEOUT_MS = 500;

export interface MailCatcherOptions {
  /** 0 takes any free port. */
  readonly smtpPort: number;
  readonly host?: string;
  /** Where messages are kept over a restart; null keeps them in memory only. */
  readonly folder?: string | null;
}

/** An SMTP server for development and tests: it takes every message and delivers none. */
export class MailCatcher {
  private constructor(
    private readonly server: SMTPServer,
    private readonly store: MailStore,
    readonly smtpPort: number,
    readonly host: string,
  ) {}

  /** Starts the server. A port that is taken fails here. */
  static async start({
    smtpPort,
    host = '127.0.0.1',
    folder = null,
  }: MailCatcherOptions): Promise<MailCatcher> {
    const store = await MailStore.open(folder, LIMITS);
    const server = createServer(store);
    // A sender that breaks off a connection is no failure of ours; one to listen is heard from the listener.
    server.on('error', () => undefined);
    const listener = server.listen(smtpPort, host);
    await once(listener, 'listening');
    return new MailCatcher(server, store, (listener.address() as AddressInfo).port, host);
  }

  /** What goes into SMTP_URL to send here. */
  get smtpUrl(): string {
    return `smtp://${this.host}:${this.smtpPort}`;
  }

  /** The messages caught, newest first. */
  list(): readonly CaughtMail[] {
    return this.store.list();
  }

  get(id: string): CaughtMail | undefined {
    return this.store.get(id);
  }

  /** Throws all messages away. */
  clear(): Promise<void> {
    return this.store.clear();
  }

  close(): Promise<void> {
    return new Promise((resolve) => {
      this.server.close(() => resolve());
    });
  }
}

function createServer(store: MailStore): SMTPServer {
  return new SMTPServer({
    banner: 'Mail catcher: nothing is delivered',
    authOptional: true,
    allowInsecureAuth: true,
    // Whatever credentials stand in SMTP_URL are good.
    onAuth: (_auth, _session, answer) => answer(null, { user: 'anyone' }),
    disabledCommands: ['STARTTLS'],
    // Looking up the name of the sender would wait for a network that a developer may not have.
    disableReverseLookup: true,
    size: MESSAGE_BYTES_MAX,
    closeTimeout: CLOSE_TIMEOUT_MS,
    logger: false,
    onData(stream, session, answer) {
      takeMessage(store, stream, session).then(
        () => answer(null, 'Caught'),
        (error: unknown) => answer(error instanceof Error ? error : new Error(String(error))),
      );
    },
  });
}

async function takeMessage(
  store: MailStore,
  stream: SMTPServerDataStream,
  session: SMTPServerSession,
): Promise<void> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    // The rest is still read, so that the sender hears the answer.
    if (bytes <= MESSAGE_BYTES_MAX) chunks.push(chunk);
  }
  if (bytes > MESSAGE_BYTES_MAX)
    throw Object.assign(new Error('The message is too large'), { responseCode: 552 });
  const { mailFrom, rcptTo } = session.envelope;
  const headers = deliveryHeaders({
    from: mailFrom === false ? '' : mailFrom.address,
    recipients: rcptTo.map((recipient) => recipient.address),
    at: systemClock.now(),
  });
  await store.add(await openMail(newId('eml'), Buffer.concat([headers, ...chunks])));
}
