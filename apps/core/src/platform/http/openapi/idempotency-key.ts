import type { OpenAPIObject } from '@nestjs/swagger';

import type { ErrorDefinition } from '../../errors/define-error.js';
import { IDEMPOTENCY_EXTENSION } from './document-endpoints.js';
import { idempotencyInProgress, idempotencyKeyInvalid, idempotencyKeyReused } from '../idempotency.errors.js';
import { IDEMPOTENCY_KEY_LENGTH_MAX } from '../idempotency-key.js';

type Operation = NonNullable<OpenAPIObject['paths'][string]['get']> & { [IDEMPOTENCY_EXTENSION]?: string };

/** Whether an operation heeds an Idempotency-Key. */
export function takesIdempotencyKey(operation: Operation, method: string): boolean {
  return method === 'post' && operation[IDEMPOTENCY_EXTENSION] !== 'ignored';
}

/** What a key may be refused for. On public routes a key belongs to its content, so it is never another request's. */
export function idempotencyErrors(operation: Operation): ErrorDefinition[] {
  const isPublic = !operation.security || operation.security.length === 0;
  return [idempotencyKeyInvalid, idempotencyInProgress, ...(isPublic ? [] : [idempotencyKeyReused])];
}

/** Documents the header. */
export function addIdempotencyKey(operation: Operation, method: string): void {
  if (!takesIdempotencyKey(operation, method)) return;
  const parameter = {
    name: 'Idempotency-Key',
    in: 'header',
    required: false,
    description:
      'Names this request, so that repeating it has no second effect: the repetition is answered as the first was, with `Idempotent-Replayed: true`. Kept for 24 hours.',
    schema: { type: 'string', minLength: 1, maxLength: IDEMPOTENCY_KEY_LENGTH_MAX },
    example: '8e03978e-40d5-43dd-bc93-6894a57f9324',
  };
  operation.parameters = [
    ...(operation.parameters ?? []),
    parameter as NonNullable<Operation['parameters']>[number],
  ];
}
