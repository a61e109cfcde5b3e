import { z } from 'zod';

// PostgreSQL cannot store NUL, and a lone surrogate would come back as another character: both are refused at the door.
const ONE_LINE = /^[^\p{Cc}\p{Cs}]*$/u;
const MANY_LINES = /^[^\u0000-\u0008\u000b-\u001f\u007f\p{Cs}]*$/u;

/** Text on one line, at least one character that is not blank: names, titles, codes. */
export function lineText(limits: { max: number }): z.ZodString {
  return z
    .string()
    .max(limits.max)
    .regex(ONE_LINE, 'must be one line of text without control characters')
    .regex(/\S/, 'must not be blank');
}

/** Text that may have line breaks: descriptions, memos, notes. */
export function blockText(limits: { max: number }): z.ZodString {
  return z
    .string()
    .max(limits.max)
    .regex(MANY_LINES, 'must be text without control characters')
    .regex(/\S/, 'must not be blank');
}
