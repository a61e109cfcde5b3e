import { createParamDecorator, type ExecutionContext } from '@nestjs/common';

import type { CentralTransaction } from '../../tenancy/central/central-database.js';

/**
 * What a handler that is not one transaction knows of the Idempotency-Key it runs under. Without a key everything is
 * decided anew and nothing is stored, so handlers need not tell the two apart.
 */
export interface Operation {
  /** Whether an earlier request with the key began this and did not come to its end. */
  readonly isResumed: boolean;
  /**
   * Decides something once, such as an id or a moment, and remembers it before it is acted on: whoever takes the
   * request up after a crash is told the same, and finds by it how far the first came.
   */
  decide(make: () => string): Promise<string>;
  /**
   * Stores the answer in the central transaction of the effect: a crash then leaves both or neither. What is stored is
   * the handler's own answer, so it has to answer the same.
   */
  answer(tx: CentralTransaction, wire: unknown): Promise<void>;
}

const WITHOUT_KEY: Operation = {
  isResumed: false,
  decide: (make) => Promise.resolve(make()),
  answer: () => Promise.resolve(),
};

/** Beside the request and not on it, as with its lease. */
const operations = new WeakMap<object, Operation>();

export function rememberOperation(request: object, operation: Operation): void {
  operations.set(request, operation);
}

/** The operation that a request is: `@KeyedOperation() operation: Operation`. */
export const KeyedOperation = createParamDecorator(
  (_: unknown, execution: ExecutionContext): Operation =>
    operations.get(execution.switchToHttp().getRequest<object>()) ?? WITHOUT_KEY,
);
