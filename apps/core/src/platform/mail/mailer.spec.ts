import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { afterEach, describe, expect, it } from 'vitest';

import { MailCatcher } from './mail-catcher.js';
import { Mailer, type OutgoingMail } from './mailer.js';

const cleanUps: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
});

async function catcher(folder: string | null = null): Promise<MailCatcher> {
  const started = await MailCatcher.start({ smtpPort: 0, folder });
  cleanUps.push(() => started.close());
  return started;
}

function mailer(smtpUrl: string | null): Mailer {
  const made = new Mailer({ mail: { smtpUrl, from: 'Nóva Billing <billing@nova.example>' } });
  cleanUps.push(() => made.onApplicationShutdown());
  return made;
}

async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), 'nova-mail-'));
  cleanUps.push(() => rm(folder, { recursive: true }));
  return folder;
}

const invoiceMail: OutgoingMail = {
  to: 'ap@olatunde.example',
  subject: 'Invoice INV-000014 from Adébáyọ̀: ₦87,146.00',
  text: 'Ẹ káàárọ̀,\nplease find the invoice attached.\n.\n.. and a line of dots\n',
  html: '<p>Ẹ káàárọ̀, <b>₦87,146.00</b></p>',
  messageId: '<eml_1@nova.example>',
  attachments: [
    {
      filename: 'INV-000014 Ọlá.pdf',
      contentType: 'application/pdf',
      content: Buffer.from([0x25, 0x50, 0x44, 0x46, 0, 255, 13, 10, 46, 13, 10]),
    },
  ],
  headers: { 'X-Entity-Ref-ID': 'inv_1' },
};

describe('a mail sent to the catcher', () => {
  it('arrives as it was written, attachment and all', async () => {
    const inbox = await catcher();
    await mailer(inbox.smtpUrl).send(invoiceMail);

    expect(inbox.list()).toHaveLength(1);
    expect(inbox.list()[0]).toMatchObject({
      from: 'Nóva Billing <billing@nova.example>',
      to: 'ap@olatunde.example',
      recipients: ['ap@olatunde.example'],
      subject: invoiceMail.subject,
      messageId: invoiceMail.messageId,
      html: expect.stringContaining('<b>₦87,146.00</b>'),
      text: expect.stringContaining('Ẹ káàárọ̀,\nplease find the invoice attached.\n.\n.. and a line of dots'),
      attachments: [invoiceMail.attachments?.[0]],
    });
    expect(inbox.list()[0]?.raw.toString()).toContain('X-Entity-Ref-ID: inv_1');
  });

  it('comes before the older ones, and several go over the same connections', async () => {
    const inbox = await catcher();
    const sender = mailer(inbox.smtpUrl);
    await sender.send({ ...invoiceMail, subject: 'first' });
    await Promise.all(
      Array.from({ length: 12 }, (_, index) =>
        sender.send({ ...invoiceMail, messageId: `<${index}@nova.example>` }),
      ),
    );
    await sender.send({ ...invoiceMail, subject: 'last' });
    expect(inbox.list()).toHaveLength(14);
    expect(inbox.list().at(0)?.subject).toBe('last');
    expect(inbox.list().at(-1)?.subject).toBe('first');
  });

  it('goes to one recipient, however the address is written', async () => {
    const inbox = await catcher();
    const sender = mailer(inbox.smtpUrl);
    await sender.send({ ...invoiceMail, to: 'a@example.com, b@example.com' }).catch(() => undefined);
    await sender.send({ ...invoiceMail, to: 'a@example.com\r\nBcc: b@example.com' }).catch(() => undefined);
    const recipients = inbox.list().map((message) => message.recipients);
    for (const list of recipients) expect(list.length).toBeLessThanOrEqual(1);
    expect(recipients.flat()).not.toContain('b@example.com');
  });

  it('outlives a restart of the catcher in its folder, and is gone once cleared', async () => {
    const folder = await temporaryFolder();
    const before = await MailCatcher.start({ smtpPort: 0, folder });
    await mailer(before.smtpUrl).send(invoiceMail);
    await before.close();
    expect((await readdir(folder)).every((file) => /^eml_\w+\.eml$/.test(file))).toBe(true);

    const after = await catcher(folder);
    expect(after.list()).toEqual(before.list());
    await after.clear();
    expect([after.list(), await readdir(folder)]).toEqual([[], []]);
  });
});

describe('a mail that cannot be sent', () => {
  it('fails without a server in the configuration, and says so', async () => {
    await expect(mailer(null).send(invoiceMail)).rejects.toThrow('SMTP_URL is not set');
  });

  it('fails when nobody listens', async () => {
    const inbox = await MailCatcher.start({ smtpPort: 0 });
    await inbox.close();
    await expect(mailer(inbox.smtpUrl).send(invoiceMail)).rejects.toThrow(/ECONNREFUSED/);
  });

  it('fails when the server refuses it, and the next one is sent all the same', async () => {
    const inbox = await catcher();
    const sender = mailer(inbox.smtpUrl);
    const content = Buffer.alloc(16 * 1024 * 1024);
    const tooLarge = { ...invoiceMail, attachments: [{ filename: 'a', contentType: 'text/plain', content }] };
    await expect(sender.send(tooLarge)).rejects.toThrow(/size|large/i);
    await sender.send(invoiceMail);
    expect(inbox.list()).toHaveLength(1);
  });

  it('is what the catcher says when its port is taken', async () => {
    const taken = createServer().listen(0, '127.0.0.1');
    cleanUps.push(() => new Promise((resolve) => taken.close(resolve)));
    await new Promise((resolve) => taken.once('listening', resolve));
    const { port } = taken.address() as { port: number };
    await expect(MailCatcher.start({ smtpPort: port })).rejects.toThrow(/EADDRINUSE/);
  });
});

describe('closing', () => {
  it('lets a mail under way arrive', async () => {
    const inbox = await catcher();
    const sender = mailer(inbox.smtpUrl);
    const sending = sender.send(invoiceMail);
    await sender.onApplicationShutdown();
    await sending;
    expect(inbox.list()).toHaveLength(1);
  });
});
