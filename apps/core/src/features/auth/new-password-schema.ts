import { z } from 'zod';

import { fitsBcrypt, PASSWORD_MAX_BYTES, PASSWORD_MIN_CHARACTERS } from '../../platform/crypto/password.js';

/** A password that somebody chooses. Length is what counts; there are no rules about kinds of characters. */
export const NewPasswordSchema = z
  .string()
  .min(PASSWORD_MIN_CHARACTERS)
  .refine(fitsBcrypt, `must not be over ${PASSWORD_MAX_BYTES} bytes in UTF-8`)
  .meta({
    format: 'password',
    description: `At least ${PASSWORD_MIN_CHARACTERS} characters, at most ${PASSWORD_MAX_BYTES} bytes in UTF-8.`,
    example: 'correct horse battery',
  });
