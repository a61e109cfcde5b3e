import { applyDecorators, HttpCode, SetMetadata } from '@nestjs/common';
import { ApiBearerAuth, ApiExcludeEndpoint, ApiExtension, ApiOperation, ApiResponse } from '@nestjs/swagger';
import type { z } from 'zod';

import type { Permission } from '../access/permissions.js';
import {
  forbidden,
  internalError,
  rateLimited,
  unauthenticated,
  unavailable,
} from '../errors/common-errors.js';
import type { ErrorDefinition, ProblemFactory } from '../errors/define-error.js';
import type { RatePolicy } from '../rate-limits/rate-policies.js';
import type { IdempotencyPolicy } from './idempotency-key.js';
import { problemResponses } from './problem-responses.js';

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
/** Carries the example through the generator to where OpenAPI wants it. */
export const EXAMPLE_EXTENSION = 'x-nova-example';

/** Carries to the document what a route does about keys. */
export const IDEMPOTENCY_EXTENSION = 'x-nova-idempotency';

/** Says in the document which permission an operation needs. */
export const PERMISSION_EXTENSION = 'x-permission';

/** Whether an answer is something else than JSON. */
export function isBinary(returns: EndpointOptions['returns']): returns is BinaryResponse {
  return typeof returns === 'object' && returns !== null && 'contentType' in returns;
}

/**
 * Everything about a route but its path: who may call it, what it answers, its failures, its documentation.
 * Every handler carries it; start-up fails on one that does not.
 */
export function Endpoint(options: EndpointOptions): MethodDecorator {
  const status = options.status ?? (options.returns === null ? 204 : 200);
  const decorators: MethodDecorator[] = [
    SetMetadata(ENDPOINT, options),
    HttpCode(status),
    ApiOperation(operationOf(options)),
    ApiResponse(successOf(options, status)),
    ...problemResponses(problemsOf(options)).map((response) => ApiResponse(response)),
  ];
  if (options.access !== 'public') decorators.push(ApiBearerAuth());
  if (options.access.includes(':')) decorators.push(ApiExtension(PERMISSION_EXTENSION, options.access));
  if (options.example !== undefined) decorators.push(ApiExtension(EXAMPLE_EXTENSION, options.example));
  if (options.idempotency) decorators.push(ApiExtension(IDEMPOTENCY_EXTENSION, options.idempotency));
  if (options.undocumented) decorators.push(ApiExcludeEndpoint());
  return applyDecorators(...decorators);
}

function operationOf(options: EndpointOptions): Parameters<typeof ApiOperation>[0] {
  const needs = options.access.includes(':') ? `Needs the permission \`${options.access}\`.` : '';
  const description = [options.description ?? '', needs].filter(Boolean).join('\n\n');
  return {
    summary: options.summary,
    description,
    ...(options.operationId ? { operationId: options.operationId } : {}),
  };
}

function successOf(options: EndpointOptions, status: number): Parameters<typeof ApiResponse>[0] {
  const { returns } = options;
  if (!returns) return { status, description: 'Done.' };
  if (isBinary(returns)) {
    const content = { [returns.contentType]: { schema: { type: 'string' as const, format: 'binary' } } };
    return { status, description: 'The file.', content };
  }
  return { status, description: 'Done.', standardSchema: returns };
}

function problemsOf(options: EndpointOptions): ErrorDefinition[] {
  const always = [internalError, unavailable];
  const secured = options.access === 'public' ? [] : [unauthenticated, forbidden];
  const limited = options.rateLimit === 'none' ? [] : [rateLimited];
  return [...(options.errors ?? []), ...secured, ...limited, ...always];
}
