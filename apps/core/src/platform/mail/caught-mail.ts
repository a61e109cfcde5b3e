import PostalMime, { type Address, type Email } from 'postal-mime';

/** An attachment as it came. Its name and type are the sender's words. */
export interface CaughtAttachment {
  readonly filename: string;
  readonly contentType: string;
  readonly content: Buffer;
}

/** A message that the catcher took, opened. */
export interface CaughtMail {
  readonly id: string;
  readonly receivedAt: Date;
  /** Whom the server was asked to deliver to, whatever the headers say. */
  readonly recipients: readonly string[];
  readonly from: string;
  readonly to: string;
  readonly subject: string;
  readonly messageId: string | null;
  readonly text: string | null;
  readonly html: string | null;
  readonly attachments: readonly CaughtAttachment[];
  /** The message as .eml, with the headers that a delivering server adds. */
  readonly raw: Buffer;
}

const RECEIVED_AT = 'X-Caught-At';

/** What only the SMTP conversation tells, put in front of the message as a delivering server does. */
export function deliveryHeaders(envelope: { from: string; recipients: readonly string[]; at: Date }): Buffer {
  const lines = [
    `Return-Path: <${onOneLine(envelope.from)}>`,
    ...envelope.recipients.map((recipient) => `Delivered-To: ${onOneLine(recipient)}`),
    `${RECEIVED_AT}: ${envelope.at.toISOString()}`,
  ];
  return Buffer.from(lines.map((line) => `${line}\r\n`).join(''));
}

/** Opens a message that `deliveryHeaders` were put in front of. */
export async function openMail(id: string, raw: Buffer): Promise<CaughtMail> {
  const email = await PostalMime.parse(raw);
  return {
    id,
    receivedAt: receivedAt(email),
    recipients: valuesOf(email, 'Delivered-To'),
    from: email.from ? printAddress(email.from) : '',
    to: (email.to ?? []).map(printAddress).join(', '),
    subject: email.subject ?? '',
    messageId: email.messageId ?? null,
    text: email.text ?? null,
    html: email.html ?? null,
    attachments: email.attachments.map(({ filename, mimeType, content }, index) => ({
      filename: filename ?? `attachment-${index + 1}`,
      contentType: mimeType,
      content: typeof content === 'string' ? Buffer.from(content) : Buffer.from(new Uint8Array(content)),
    })),
    raw,
  };
}

function receivedAt(email: Email): Date {
  const moment = new Date(valuesOf(email, RECEIVED_AT).at(0) ?? Number.NaN);
  return Number.isNaN(moment.getTime()) ? new Date(0) : moment;
}

function valuesOf(email: Email, name: string): string[] {
  return email.headers.filter((header) => header.key === name.toLowerCase()).map((header) => header.value);
}

function printAddress(address: Address): string {
  if (address.group !== undefined) return `${address.name}: ${address.group.map(printAddress).join(', ')}`;
  return address.name === '' ? address.address : `${address.name} <${address.address}>`;
}

function onOneLine(text: string): string {
  return text.replaceAll(/[\r\n]/g, '');
}
