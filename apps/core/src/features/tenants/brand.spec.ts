import { describe, expect, it } from 'vitest';

import { BrandSchema, fillPaymentLink, PaymentLinkSchema, readLogo } from './brand.js';

const PNG =
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';
const url = (kind: string, base64: string) => `data:image/${kind};base64,${base64}`;
/** The frame of a JPEG of 40 by 20 pixels, with nothing in it. */
const JPEG = Buffer.from('ffd8ffe000040000ffc0000b080014002801011100ffd9', 'hex').toString('base64');

describe('readLogo', () => {
  it('reads the size of a PNG and of a JPEG from their own bytes', () => {
    expect(readLogo(url('png', PNG))).toMatchObject({ format: 'png', width: 1, height: 1 });
    expect(readLogo(url('jpeg', JPEG))).toMatchObject({ format: 'jpeg', width: 40, height: 20 });
  });

  it.each([
    ['a PNG that says it is a JPEG', url('jpeg', PNG)],
    ['a drawing with scripts', url('svg+xml', Buffer.from('<svg/>').toString('base64'))],
    [
      'text that says it is a PNG',
      url('png', Buffer.from('hello, I am no picture at all, really').toString('base64')),
    ],
    ['a PNG that is cut short', url('png', PNG.slice(0, 60))],
    ['a web address', 'https://example.com/logo.png'],
    ['nothing', 'data:image/png;base64,'],
    ['more than 100 KB', url('png', Buffer.alloc(102_401, 1).toString('base64'))],
  ])('refuses %s', (_, dataUrl) => {
    expect(readLogo(dataUrl)).toBeNull();
  });
});

describe('BrandSchema', () => {
  it('takes a colour and a logo, and nothing that is neither', () => {
    expect(BrandSchema.safeParse({ color: '#0f766e', logo: url('png', PNG) }).success).toBe(true);
    expect(BrandSchema.safeParse({ color: 'red' }).success).toBe(false);
    expect(BrandSchema.safeParse({ logo: url('png', 'AAAA') }).success).toBe(false);
  });
});

describe('a payment link', () => {
  it('is filled with the number, or the id where there is none', () => {
    const link = 'https://pay.example.com/{number}?i={id}';
    expect(fillPaymentLink(link, { id: 'inv_1', number: 'INV/2026-000001' })).toBe(
      'https://pay.example.com/INV%2F2026-000001?i=inv_1',
    );
    expect(fillPaymentLink(link, { id: 'inv_1', number: null })).toContain('/inv_1?');
  });

  it.each([
    ['https://pay.example.com/{number}', true],
    ['https://pay.example.com/', false],
    ['http://pay.example.com/{number}', false],
    ['javascript:alert({number})', false],
  ])('%s: %s', (link, valid) => {
    expect(PaymentLinkSchema.safeParse(link).success).toBe(valid);
  });
});
