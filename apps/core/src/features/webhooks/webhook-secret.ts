import { randomBytes } from 'node:crypto';

import { z } from 'zod';

const PREFIX = 'whsec_';
const BYTES = 32;
const BYTES_MIN = 24;
const BYTES_MAX = 64;

/** A new signing secret as Standard Webhooks has it: `whsec_` and the Base64 of random bytes. */
export function newWebhookSecret(): string {
  return `${PREFIX}${randomBytes(BYTES).toString('base64')}`;
}

/** A secret that a caller brings along, say from the system it moves from. */
export const WebhookSecretSchema = z
  .string()
  .refine(isSecret, `Use ${PREFIX} and the Base64 of ${BYTES_MIN} to ${BYTES_MAX} random bytes`)
  .meta({
    description: `\`${PREFIX}\` and the Base64 of ${BYTES_MIN} to ${BYTES_MAX} bytes.`,
    example: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSwMfKQ9r8GKYqr',
  });

function isSecret(text: string): boolean {
  const encoded = text.startsWith(PREFIX) ? text.slice(PREFIX.length) : '';
  const bytes = Buffer.from(encoded, 'base64');
  return bytes.length >= BYTES_MIN && bytes.length <= BYTES_MAX && bytes.toString('base64') === encoded;
}
