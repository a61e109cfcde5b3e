import { z } from 'zod';

import type { IdPrefix } from '../ids/new-id.js';

const EXTERNAL_ID = /^[A-Za-z0-9][A-Za-z0-9._~:@|+=-]{0,127}$/;

/**
 * The caller's own id of a thing, unique among its kind and accepted wherever our id is. It fits into a path, and it
 * cannot look like one of our ids, so that what an id means is never in doubt.
 */
export function externalIdSchema(prefix: IdPrefix): z.ZodString {
  return z
    .string()
    .regex(EXTERNAL_ID, 'must be 1 to 128 letters, digits or ._~:@|+=- and start with a letter or a digit')
    .regex(new RegExp(`^(?!${prefix}_)`), `must not start with "${prefix}_", which our own ids do`);
}

/** What names a row: our id or the caller's. Both are unique keys of the table. */
export type Reference = { id: string } | { externalId: string };

/** Reads what a caller wrote where an id is accepted. Null when it cannot be the id of anything. */
export function readReference(prefix: IdPrefix, text: string): Reference | null {
  if (text.startsWith(`${prefix}_`))
    return /^[0-9a-z]{26}$/.test(text.slice(prefix.length + 1)) ? { id: text } : null;
  return EXTERNAL_ID.test(text) ? { externalId: text } : null;
}
