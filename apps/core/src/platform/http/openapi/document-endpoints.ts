import { ApiBearerAuth, ApiExcludeEndpoint, ApiExtension, ApiOperation, ApiResponse } from '@nestjs/swagger';

import {
  forbidden,
  internalError,
  rateLimited,
  unauthenticated,
  unavailable,
} from '../../errors/common-errors.js';
import type { ErrorDefinition } from '../../errors/define-error.js';
import { declaredEndpoints, type EndpointOptions, isBinary, successStatus } from '../endpoint.decorator.js';
import { problemResponses } from '../problem-responses.js';

/** Carries the example through the generator to where OpenAPI wants it. */
export const EXAMPLE_EXTENSION = 'x-nova-example';

/** Carries to the document what a route does about keys. */
export const IDEMPOTENCY_EXTENSION = 'x-nova-idempotency';

/** Says in the document which permission an operation needs. */
export const PERMISSION_EXTENSION = 'x-permission';

const HTTP_ACCEPTED = 202;
const documented = new WeakSet<PropertyDescriptor>();

/**
 * Tells the generator what `@Endpoint` says of every route. This is done when a document is wanted, because the generator
 * is a fifth of all that there is to load, and most processes are never asked for a document.
 */
export function documentEndpoints(): void {
  for (const { options, controller, method, descriptor } of declaredEndpoints()) {
    if (documented.has(descriptor)) continue;
    documented.add(descriptor);
    for (const decorate of decoratorsOf(options)) decorate(controller, method, descriptor);
  }
}

function decoratorsOf(options: EndpointOptions): MethodDecorator[] {
  const decorators: MethodDecorator[] = [
    ApiOperation(operationOf(options)),
    ...successesOf(options).map((response) => ApiResponse(response)),
    ...problemResponses(problemsOf(options)).map((response) => ApiResponse(response)),
  ];
  if (options.access !== 'public') decorators.push(ApiBearerAuth());
  if (options.access.includes(':')) decorators.push(ApiExtension(PERMISSION_EXTENSION, options.access));
  if (options.example !== undefined) decorators.push(ApiExtension(EXAMPLE_EXTENSION, options.example));
  if (options.idempotency) decorators.push(ApiExtension(IDEMPOTENCY_EXTENSION, options.idempotency));
  if (options.undocumented) decorators.push(ApiExcludeEndpoint());
  return decorators;
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

type Response = Parameters<typeof ApiResponse>[0];

function successesOf(options: EndpointOptions): Response[] {
  const done = successOf(options, { status: successStatus(options), description: 'Done.' });
  if (!options.mayGoOn) return [done];
  return [done, successOf(options, { status: HTTP_ACCEPTED, description: 'On its way.' })];
}

function successOf({ returns }: EndpointOptions, said: { status: number; description: string }): Response {
  if (!returns) return said;
  if (isBinary(returns)) {
    const content = { [returns.contentType]: { schema: { type: 'string' as const, format: 'binary' } } };
    return { ...said, description: 'The file.', content };
  }
  return { ...said, standardSchema: returns };
}

function problemsOf(options: EndpointOptions): ErrorDefinition[] {
  const always = [internalError, unavailable];
  const secured = options.access === 'public' ? [] : [unauthenticated, forbidden];
  const limited = options.rateLimit === 'none' ? [] : [rateLimited];
  return [...(options.errors ?? []), ...secured, ...limited, ...always];
}
