import { defineError } from '../errors/define-error.js';
import { violatedUniqueIndex } from '../errors/unique-violation.js';

export const externalIdTaken = defineError('external_id_taken', 409, 'Another object has this externalId');

/**
 * Does a write that may break the unique key of `external_id`, and says so with a pointer when it does. The key
 * itself decides: to look first would let two callers at once believe that the id is free.
 * @throws externalIdTaken
 */
export async function takingExternalId<T>(pointer: string, write: () => Promise<T>): Promise<T> {
  try {
    return await write();
  } catch (error) {
    if (!violatedUniqueIndex(error)?.endsWith('_external_id_key')) throw error;
    throw externalIdTaken('This externalId belongs to another object of the same kind.', {
      errors: [{ pointer, code: 'taken', message: 'is taken' }],
      cause: error,
    });
  }
}
