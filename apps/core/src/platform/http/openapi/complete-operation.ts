import type { OpenAPIObject } from '@nestjs/swagger';

import {
  bodyTooLarge,
  invalidCursor,
  invalidRequest,
  malformedBody,
  notFound,
  unsupportedMediaType,
} from '../../errors/common-errors.js';
import { type ErrorDefinition, errorCatalogue } from '../../errors/define-error.js';
import { EXAMPLE_EXTENSION, IDEMPOTENCY_EXTENSION, PERMISSION_EXTENSION } from './document-endpoints.js';
import { addIdempotencyKey, idempotencyErrors, takesIdempotencyKey } from './idempotency-key.js';
import { codesOf, problemResponses } from '../problem-responses.js';
import { exampleOf } from './example-of.js';

type Operation = NonNullable<OpenAPIObject['paths'][string]['get']>;
export type DocumentedOperation = Operation & {
  [EXAMPLE_EXTENSION]?: unknown;
  [PERMISSION_EXTENSION]?: string;
  [IDEMPOTENCY_EXTENSION]?: string;
};

/** What an operation stands in. */
interface Surroundings {
  path: string;
  method: string;
  document: OpenAPIObject;
  tenantErrors: readonly ErrorDefinition[];
}

interface Content {
  [type: string]: { schema?: object; example?: unknown };
}

/** Adds to an operation what its decorator cannot know: the failures that follow from its inputs, examples, its tag. */
export function completeOperation(operation: DocumentedOperation, surroundings: Surroundings): void {
  addProblems(operation, surroundings);
  addRequestExample(operation);
  addResponseExamples(operation, surroundings.document);
  addIfMatch(operation);
  addIdempotencyKey(operation, surroundings.method);
  delete operation[IDEMPOTENCY_EXTENSION];
  operation.tags = [tagOf(surroundings.path)];
  operation.security ??= [];
}

function addProblems(operation: DocumentedOperation, { path, method, tenantErrors }: Surroundings): void {
  const hasCursor = (operation.parameters ?? []).some(
    (parameter) => 'name' in parameter && parameter.name === 'cursor',
  );
  const added: ErrorDefinition[] = [
    invalidRequest,
    ...(operation[PERMISSION_EXTENSION] ? tenantErrors : []),
    ...(operation.requestBody ? [malformedBody, bodyTooLarge, unsupportedMediaType] : []),
    ...(takesIdempotencyKey(operation, method) ? idempotencyErrors(operation) : []),
    ...(hasCursor ? [invalidCursor] : []),
    ...(path.includes('{') && !operation.responses['404'] ? [notFound] : []),
  ];
  const codes = new Set(Object.values(operation.responses).flatMap(codesOf));
  const declared = errorCatalogue().filter((definition) => codes.has(definition.code));
  for (const { status, ...response } of problemResponses([...declared, ...added])) {
    operation.responses[status] = response as Operation['responses'][string];
  }
}

function addRequestExample(operation: DocumentedOperation): void {
  const example = operation[EXAMPLE_EXTENSION];
  delete operation[EXAMPLE_EXTENSION];
  const content = contentOf(operation.requestBody)?.['application/json'];
  if (content && example !== undefined) content.example = example;
}

function addResponseExamples(operation: Operation, document: OpenAPIObject): void {
  for (const [status, response] of Object.entries(operation.responses)) {
    const content = contentOf(response)?.['application/json'];
    if (status.startsWith('2') && content?.schema) content.example = exampleOf(content.schema, document);
  }
}

function contentOf(part: unknown): Content | undefined {
  return typeof part === 'object' && part !== null && 'content' in part
    ? (part.content as Content)
    : undefined;
}

/** The group that the docs list a route in: `/api/customers/{id}/invoices` under customers. */
function tagOf(path: string): string {
  const steps = path.split('/').filter((step) => step && step !== 'api');
  // What belongs to the account stands under /tenants/me, in groups of its own.
  const group = (steps[0] === 'tenants' && steps[1] === 'me' && steps[2]) || steps[0] || '';
  const words = group.replaceAll('-', ' ').replace(/\bapi\b/, 'API');
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** Where a change can be refused with 412, `If-Match` says when. */
function addIfMatch(operation: Operation): void {
  if (!operation.responses['412']) return;
  const description =
    'The ETag of the version that the change is meant for; another version is refused with 412.';
  const parameter = {
    name: 'If-Match',
    in: 'header',
    required: false,
    description,
    schema: { type: 'string' },
  };
  operation.parameters = [
    ...(operation.parameters ?? []),
    parameter as NonNullable<Operation['parameters']>[number],
  ];
}
