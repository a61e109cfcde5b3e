import { z } from 'zod';

/** An e-mail address as it is stored and compared: without blanks around it and in lower case. */
export function normaliseEmail(email: string): string {
  return email.trim().toLowerCase();
}

/** The e-mail address of an account. Blanks around it and capitals do not count. */
export const AccountEmailSchema = z
  .string()
  .trim()
  .toLowerCase()
  .max(254)
  .regex(z.regexes.email, 'must be an e-mail address')
  .meta({ format: 'email', example: 'ada@acme.example' });
