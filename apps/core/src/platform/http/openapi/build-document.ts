import { DocumentBuilder, type OpenAPIObject, SwaggerModule } from '@nestjs/swagger';

import type { ErrorDefinition } from '../../errors/define-error.js';
import { VERSION } from '../../telemetry/version.js';
import type { NovaApplication } from '../configure-http.js';
import { ProblemSchema } from '../problem.js';
import { completeOperation, type DocumentedOperation } from './complete-operation.js';
import { convertSchema } from './convert-schema.js';
import { documentEndpoints } from './document-endpoints.js';
import { documentDescription } from './description.js';
import { shareProblems } from './share-problems.js';

const METHODS = ['get', 'post', 'put', 'patch', 'delete'] as const;

export interface DocumentOptions {
  /** What may keep any route from its tenant's data: the layer that opens the databases knows these codes. */
  tenantErrors: readonly ErrorDefinition[];
}

/**
 * The OpenAPI document of an app's routes. It is made of decorators and schemas alone, so an app in Nest's preview mode
 * will do, without any database.
 */
export function buildDocument(app: NovaApplication, { tenantErrors }: DocumentOptions): OpenAPIObject {
  const base = new DocumentBuilder()
    .setOpenAPIVersion('3.1.0')
    .setTitle('NovaBilling API')
    .setVersion(VERSION)
    .setDescription(documentDescription())
    .setLicense('MIT', 'https://opensource.org/license/mit')
    .addServer('/')
    .addBearerAuth({ type: 'http', scheme: 'bearer', description: 'An API key or an access token.' })
    .build();
  documentEndpoints();
  const document = SwaggerModule.createDocument(app, base, {
    operationIdFactory: (_controller, method) => method,
    standardSchemaConverter: convertSchema,
  });
  addProblemSchema(document);
  const operations = operationsOf(document);
  const shared = {};
  for (const { operation, path, method } of operations) {
    completeOperation(operation, { path, method, document, tenantErrors });
    shareProblems(operation.responses, shared);
  }
  document.components = { ...document.components, responses: shared };
  refuseRepeatedIds(operations.map(({ operation }) => operation.operationId ?? ''));
  dropRepeatedPatterns(document);
  return sorted(document);
}

interface PlacedOperation {
  path: string;
  method: string;
  operation: DocumentedOperation;
}

function operationsOf(document: OpenAPIObject): PlacedOperation[] {
  return Object.entries(document.paths).flatMap(([path, item]) =>
    METHODS.flatMap((method) => (item[method] ? [{ path, method, operation: item[method] }] : [])),
  );
}

function addProblemSchema(document: OpenAPIObject): void {
  const { components } = convertSchema(ProblemSchema, { schemaType: 'output' }) ?? {};
  document.components = {
    ...document.components,
    schemas: { ...document.components?.schemas, ...components },
  };
}

function refuseRepeatedIds(ids: readonly string[]): void {
  const repeated = ids.filter((id, index) => ids.indexOf(id) !== index);
  if (repeated.length > 0)
    throw new Error(`These operation ids are there twice: ${[...new Set(repeated)].join(', ')}.`);
}

/** Where a format says it all, zod's long pattern for it only stands in the reader's way. */
function dropRepeatedPatterns(part: unknown): void {
  if (typeof part !== 'object' || part === null) return;
  if ('format' in part && 'pattern' in part) delete part.pattern;
  for (const inner of Object.values(part)) dropRepeatedPatterns(inner);
}

/** In an order that does not depend on which module was loaded first, so that the committed document stays the same. */
function sorted(document: OpenAPIObject): OpenAPIObject {
  const byKey = <T>(record: Record<string, T>): Record<string, T> =>
    Object.fromEntries(Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1)));
  const { schemas = {}, responses = {} } = document.components ?? {};
  const components = { ...document.components, schemas: byKey(schemas), responses: byKey(responses) };
  return { ...document, paths: byKey(document.paths), components };
}
