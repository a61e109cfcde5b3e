import { z } from 'zod';

import { invalidRequest } from '../errors/common-errors.js';

const MAX_KEYS = 50;
const KEY_LENGTH_MAX = 40;
const VALUE_LENGTH_MAX = 500;

const key = z.string().regex(/^[^\p{Cc}\p{Cs}]{1,40}$/u, `must have 1 to ${KEY_LENGTH_MAX} characters`);
const value = z
  .string()
  .max(VALUE_LENGTH_MAX)
  .regex(/^[^\u0000\p{Cs}]*$/u, 'must be well-formed text');

const fewKeys = (entries: object): boolean => Object.keys(entries).length <= MAX_KEYS;
const tooManyKeys = `must not have more than ${MAX_KEYS} keys`;

/** Key and value texts of the caller's own, kept verbatim. */
export const MetadataSchema = z.record(key, value).refine(fewKeys, tooManyKeys).meta({
  id: 'Metadata',
  description: 'Up to 50 keys of at most 40 characters, values of at most 500.',
  maxProperties: MAX_KEYS,
});
export type Metadata = z.infer<typeof MetadataSchema>;

/** A merge patch of metadata: keys that are named change, null removes one, the others stay. */
export const MetadataPatchSchema = z.record(key, value.nullable()).meta({
  id: 'MetadataPatch',
  description: 'Merged into the metadata: null removes a key, keys not named stay.',
});
export type MetadataPatch = z.infer<typeof MetadataPatchSchema>;

/**
 * The metadata after a merge patch.
 * @throws invalidRequest when it would have too many keys
 */
export function mergeMetadata(current: Metadata, patch: MetadataPatch): Metadata {
  const merged = new Map(Object.entries(current));
  for (const [name, text] of Object.entries(patch)) {
    if (text === null) merged.delete(name);
    else merged.set(name, text);
  }
  if (merged.size > MAX_KEYS) {
    throw invalidRequest('The metadata would have too many keys.', {
      errors: [{ pointer: '/metadata', code: 'too_big', message: tooManyKeys }],
    });
  }
  return Object.fromEntries(merged);
}

/** Metadata as a JSON column gives it back. What is stored went through the schema on its way in. */
export function readMetadata(column: unknown): Metadata {
  return column as Metadata;
}
