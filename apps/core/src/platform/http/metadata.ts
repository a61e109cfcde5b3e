import { z } from 'zod';

import { invalidRequest } from '../errors/common-errors.js';

export const METADATA_KEYS_MAX = 50;
const KEY_LENGTH_MAX = 40;
const VALUE_LENGTH_MAX = 500;

export type Metadata = Record<string, string>;

const key = z.string().min(1).max(KEY_LENGTH_MAX);
const value = z.string().max(VALUE_LENGTH_MAX);
const fewEnough = (metadata: object) => Object.keys(metadata).length <= METADATA_KEYS_MAX;
const tooMany = `At most ${METADATA_KEYS_MAX} keys`;

/** The caller's own notes on an object, returned as they were given. */
export const MetadataSchema = z
  .record(key, value)
  .refine(fewEnough, tooMany)
  .meta({
    id: 'Metadata',
    description: `Your own notes: at most ${METADATA_KEYS_MAX} keys of ${KEY_LENGTH_MAX} characters with values of ${VALUE_LENGTH_MAX}.`,
    maxProperties: METADATA_KEYS_MAX,
    example: { crmId: '4711' },
  });

/** A change of metadata: the keys given are set, those given as null are removed, the others stay. */
export const MetadataPatchSchema = z
  .record(key, value.nullable())
  .refine(fewEnough, tooMany)
  .meta({
    id: 'MetadataPatch',
    description: 'Keys to set; null removes a key. Keys that are not named stay.',
    maxProperties: METADATA_KEYS_MAX,
    example: { crmId: '4712', note: null },
  });
export type MetadataPatch = z.infer<typeof MetadataPatchSchema>;

/**
 * The metadata after a change.
 * @throws invalid_request when there would be too many keys
 */
export function mergeMetadata(current: Metadata, patch: MetadataPatch): Metadata {
  const merged = new Map(Object.entries(current));
  for (const [name, newValue] of Object.entries(patch)) {
    if (newValue === null) merged.delete(name);
    else merged.set(name, newValue);
  }
  if (merged.size > METADATA_KEYS_MAX) {
    const problem = { pointer: '/metadata', code: 'too_big', message: tooMany };
    throw invalidRequest(`The object would have ${merged.size} metadata keys.`, { errors: [problem] });
  }
  return Object.fromEntries(merged);
}
