import { z } from 'zod';

import { notFound, rateLimited } from '../../platform/errors/common-errors.js';

/** What the routes of pages have in common: anybody may call them, and people read them. */
export const PAGE = {
  access: 'public',
  rateLimit: 'page',
  returns: { contentType: 'text/html' },
  errors: [notFound, rateLimited],
  undocumented: true,
} as const;

export const TokenSchema = z.string().max(200);
export const PaymentIdSchema = z.string().max(64);

/** Providers, mail programs and others on the way add what they like to an address; nothing of it is read. */
export const AnyQuerySchema = z.record(z.string(), z.unknown());
