import { z } from 'zod';

/** How large a logo may be once it is decoded. It goes into every document, and into every e-mail with one. */
const LOGO_BYTES_MAX = 100 * 1024;
const LOGO_SIDE_MAX = 4_096;
const DATA_URL = /^data:image\/(png|jpeg);base64,([A-Za-z0-9+/]+={0,2})$/;

/** A picture in a format that documents can hold. */
export interface Logo {
  readonly format: 'png' | 'jpeg';
  readonly bytes: Buffer;
  /** In pixels. */
  readonly width: number;
  readonly height: number;
}

/**
 * Reads a logo from its data URL. What it is its own bytes say, not the URL; null when they are neither a PNG nor a JPEG
 * of the stated kind, or more than documents should carry.
 */
export function readLogo(dataUrl: string): Logo | null {
  const [, format, base64] = DATA_URL.exec(dataUrl) ?? [];
  if ((format !== 'png' && format !== 'jpeg') || base64 === undefined) return null;
  const bytes = Buffer.from(base64, 'base64');
  if (bytes.length > LOGO_BYTES_MAX) return null;
  const size = format === 'png' ? pngSize(bytes) : jpegSize(bytes);
  if (!size || size.width < 1 || size.height < 1) return null;
  if (size.width > LOGO_SIDE_MAX || size.height > LOGO_SIDE_MAX) return null;
  return { format, bytes, ...size };
}

interface Size {
  readonly width: number;
  readonly height: number;
}

const PNG_SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
const PNG_END = Buffer.from('IEND', 'latin1');

/** The size is the first thing that a PNG says after its signature. */
function pngSize(bytes: Buffer): Size | null {
  const isWhole = bytes.subarray(-8, -4).equals(PNG_END);
  if (bytes.length < 45 || !isWhole || !bytes.subarray(0, 8).equals(PNG_SIGNATURE)) return null;
  if (bytes.toString('latin1', 12, 16) !== 'IHDR') return null;
  return { width: bytes.readUInt32BE(16), height: bytes.readUInt32BE(20) };
}

/** A JPEG is a chain of segments; the one that begins a frame has the size. */
function jpegSize(bytes: Buffer): Size | null {
  const isWhole =
    bytes.length > 4 && bytes.readUInt16BE(0) === 0xffd8 && bytes.includes('\xff\xd9', 4, 'latin1');
  if (!isWhole) return null;
  for (let at = 2; at + 9 < bytes.length; at += 2 + bytes.readUInt16BE(at + 2)) {
    const marker = bytes.readUInt16BE(at);
    if (marker < 0xffc0 || marker > 0xfffe) return null;
    const isFrame = marker <= 0xffcf && ![0xffc4, 0xffc8, 0xffcc].includes(marker);
    if (isFrame) return { height: bytes.readUInt16BE(at + 5), width: bytes.readUInt16BE(at + 7) };
  }
  return null;
}

/** How the tenant's documents look. */
export const BrandSchema = z
  .strictObject({
    color: z
      .string()
      .regex(/^#[0-9a-f]{6}$/i, 'must be six hexadecimal digits after a #')
      .optional()
      .meta({ description: 'Of edges and headings.', example: '#0f766e' }),
    logo: z
      .string()
      .max(140_000)
      .refine((url) => readLogo(url) !== null, {
        error: 'must be a data URL of a PNG or JPEG of at most 100 KB and 4,096 pixels a side',
      })
      .optional()
      .meta({ description: 'A data URL of a PNG or JPEG of at most 100 KB.' }),
  })
  .meta({ id: 'Brand' });

const PLACEHOLDER = /\{(number|id)\}/g;

/** The address at which an invoice is paid, from the tenant's template. */
export function fillPaymentLink(template: string, invoice: { id: string; number: string | null }): string {
  return template.replaceAll(PLACEHOLDER, (_, name: string) =>
    encodeURIComponent(name === 'id' ? invoice.id : (invoice.number ?? invoice.id)),
  );
}

/** A web address with a place for the invoice's number or id. */
export const PaymentLinkSchema = z
  .string()
  .max(300)
  .refine((link) => /^https:\/\/[^\s"<>]+$/.test(link) && URL.canParse(link.replaceAll(PLACEHOLDER, 'x')), {
    error: 'must be an address that begins with https://',
  })
  .refine((link) => /\{(number|id)\}/.test(link), { error: 'must contain {number} or {id}' })
  .meta({
    description:
      'Where an invoice is paid online. `{number}` and `{id}` are filled in; documents print it with a QR code.',
    example: 'https://pay.example.com/invoices/{number}',
  });
