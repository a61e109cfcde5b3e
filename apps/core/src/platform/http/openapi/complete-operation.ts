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
import { EXAMPLE_EXTENSION } from '../endpoint.decorator.js';
import { codesOf, problemResponses } from '../problem-responses.js';
import { exampleOf } from './example-of.js';

type Operation = NonNullable<OpenAPIObject['paths'][string]['get']>;
export type DocumentedOperation = Operation & { [EXAMPLE_EXTENSION]?: unknown };
interface Content {
  [type: string]: { schema?: object; example?: unknown };
}

/** Adds to an operation what its decorator cannot know: the failures that follow from its inputs, examples, its tag. */
export function completeOperation(
  operation: DocumentedOperation,
  path: string,
  document: OpenAPIObject,
): void {
  addProblems(operation, path);
  addRequestExample(operation);
  addResponseExamples(operation, document);
  operation.tags = (operation.tags ?? []).map(readableTag);
  operation.security ??= [];
}

function addProblems(operation: Operation, path: string): void {
  const hasCursor = (operation.parameters ?? []).some(
    (parameter) => 'name' in parameter && parameter.name === 'cursor',
  );
  const added: ErrorDefinition[] = [
    invalidRequest,
    ...(operation.requestBody ? [malformedBody, bodyTooLarge, unsupportedMediaType] : []),
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

/** Tags come from the names of controllers: `PaymentMethods` reads `Payment methods`. */
function readableTag(tag: string): string {
  const words = tag.replaceAll(/([a-z])([A-Z])/g, '$1 $2').toLowerCase();
  const known = words.replaceAll(/\bapi\b/g, 'API').replaceAll(/\bpdf\b/g, 'PDF');
  return known === 'me' ? 'Auth' : known.charAt(0).toUpperCase() + known.slice(1);
}
