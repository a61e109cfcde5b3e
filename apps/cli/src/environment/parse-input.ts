import type { ZodType } from 'zod';

import { CommandError } from '../output/command-error.js';
import { EXIT_CODES } from '../output/exit-codes.js';

/**
 * What a command was given, checked by the schema of the route that takes the same.
 * @throws CommandError (wrong usage) that names each value that is not right
 */
export function parseInput<T>(schema: ZodType<T>, input: unknown): T {
  const parsed = schema.safeParse(input);
  if (parsed.success) return parsed.data;
  const lines = parsed.error.issues.map(({ path, message }) => `${path.join('.') || 'input'}: ${message}`);
  throw new CommandError(lines.join('\n'), EXIT_CODES.usage);
}
