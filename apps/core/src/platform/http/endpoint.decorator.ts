import { HttpCode, SetMetadata } from '@nestjs/common';
import type { z } from 'zod';

import type { Permission } from '../access/permissions.js';
import type { ProblemFactory } from '../errors/define-error.js';
import type { RatePolicy } from '../rate-limits/rate-policies.js';
import type { IdempotencyPolicy } from './idempotency-key.js';

/** What a caller needs: a permission in a tenant, being logged in as a person, or nothing. */
export type Access = Permission | 'public' | 'user';

/** A body that is not JSON, for example a PDF. */
export interface BinaryResponse {
  contentType: string;
}

export interface EndpointOptions {
  /** One line, as the docs list it: `Create a customer`. */
  summary: string;
  description?: string;
  access: Access;
  /** 200 for GET, PATCH and POST that act, 201 for creates, 204 when there is nothing to say. */
  status?: number;
  /** The wire schema of the answer. What it does not name is not sent; an answer it refuses is a 500. */
  returns?: z.ZodType | BinaryResponse | null;
  /** May answer with 202, in the same form, when its work goes on in the background. */
  mayGoOn?: true;
  /** The limit that counts its requests: `read` for GET and `write` for others unless said. */
  rateLimit?: RatePolicy | 'none';
  /** The codes of this route's own; those that any route may answer with are added. */
  errors?: readonly ProblemFactory[];
  /** What a POST does about an `Idempotency-Key`; `transactional` unless given. */
  idempotency?: IdempotencyPolicy;
  /** An example of the request's body, for the docs and the tests. */
  example?: unknown;
  /** The operation's name in clients, unique in the document; the handler's name unless given. */
  operationId?: string;
  /** Kept out of the document: health, metrics and the pages for people. */
  undocumented?: true;
}

/** Metadata key of a handler's `EndpointOptions`, which the guard reads with Nest's Reflector. */
export const ENDPOINT = 'nova:endpoint';

/** Whether an answer is something else than JSON. */
export function isBinary(returns: EndpointOptions['returns']): returns is BinaryResponse {
  return typeof returns === 'object' && returns !== null && 'contentType' in returns;
}

/** A route as its decorator declared it: what the decorators of the documentation are applied to. */
export interface DeclaredEndpoint {
  readonly options: EndpointOptions;
  readonly controller: object;
  readonly method: string | symbol;
  readonly descriptor: PropertyDescriptor;
}

const declared: DeclaredEndpoint[] = [];

/** Every route that this process has loaded. */
export function declaredEndpoints(): readonly DeclaredEndpoint[] {
  return declared;
}

/** The status of an answer when all went well. */
export function successStatus({ status, returns }: EndpointOptions): number {
  return status ?? (returns === null ? 204 : 200);
}

/**
 * Everything about a route but its path: who may call it, what it answers, its failures, its documentation.
 * Every handler carries it; start-up fails on one that does not.
 */
export function Endpoint(options: EndpointOptions): MethodDecorator {
  return (controller, method, descriptor) => {
    SetMetadata(ENDPOINT, options)(controller, method, descriptor);
    HttpCode(successStatus(options))(controller, method, descriptor);
    declared.push({ options, controller, method, descriptor });
  };
}
