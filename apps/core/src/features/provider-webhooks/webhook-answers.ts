import { z } from 'zod';

/** What providers are answered when what they sent is kept: they look at the status alone. */
export const WebhookReceivedSchema = z.object({ received: z.literal(true) }).meta({ id: 'WebhookReceived' });
export const RECEIVED = { received: true } as const;

/** What Safaricom wants to hear, of whatever it sent. */
export const DarajaAnswerSchema = z
  .object({
    ResultCode: z.union([z.literal(0), z.literal('0')]).meta({ description: 'A text of validations.' }),
    ResultDesc: z.literal('Accepted'),
  })
  .meta({ id: 'DarajaAnswer' });
export const DARAJA_ACCEPTED = { ResultCode: 0, ResultDesc: 'Accepted' } as const;
export const DARAJA_VALIDATED = { ResultCode: '0', ResultDesc: 'Accepted' } as const;

/** A token in an address is 64 characters; what is longer than twice that is nobody's. */
export const TokenParamSchema = z.string().min(1).max(128);
