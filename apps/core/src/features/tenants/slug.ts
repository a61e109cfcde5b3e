import { randomInt } from 'node:crypto';

import { z } from 'zod';

export const SLUG_LENGTH_MAX = 40;
const SLUG = /^[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])$/;

/** Names that are, or may one day be, part of the platform's own addresses. */
const RESERVED_SLUGS: ReadonlySet<string> = new Set(
  `about account accounts admin api app assets auth billing blog central checkout cdn console dashboard dev docs
  events ftp health help hooks invoice invoices live login logout mail metrics me nova novabilling pay payments
  platform portal postgres public register root security smtp static status support system template test
  webhooks www`.split(/\s+/),
);

export function isReservedSlug(slug: string): boolean {
  return RESERVED_SLUGS.has(slug);
}

/** A tenant's name in addresses: lower case, digits and inner hyphens. */
export const SlugSchema = z
  .string()
  .min(2)
  .max(SLUG_LENGTH_MAX)
  .regex(SLUG, 'must be lower-case letters, digits and hyphens, with none at the ends')
  .refine((slug) => !isReservedSlug(slug), 'is reserved')
  .meta({ description: 'The name in addresses, unique on the platform.', example: 'acme' });

const SUFFIX_ALPHABET = '23456789abcdefghjkmnpqrstuvwxyz';
const SUFFIX_LENGTH = 4;

/** A slug made of a name: accents dropped, all else that a slug cannot hold turned to hyphens. */
export function slugOf(name: string): string {
  const plain = name
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, SLUG_LENGTH_MAX)
    .replace(/^-+|-+$/g, '');
  return plain.length >= 2 ? plain : 'tenant';
}

/** The slug with four random characters after it, for when the plain one is taken or reserved. */
export function withRandomSuffix(slug: string): string {
  const suffix = Array.from({ length: SUFFIX_LENGTH }, () =>
    SUFFIX_ALPHABET.charAt(randomInt(SUFFIX_ALPHABET.length)),
  ).join('');
  const stem = slug.slice(0, SLUG_LENGTH_MAX - SUFFIX_LENGTH - 1).replace(/-+$/, '');
  return `${stem}-${suffix}`;
}
