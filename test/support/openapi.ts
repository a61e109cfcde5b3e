import { expectStatus, type Api } from './api.js';

/** One operation of the OpenAPI document, with what a test needs of it. */
export interface Operation {
  method: string;
  /** As the document has it, for example `/api/customers/{id}`. */
  template: string;
  tag: string;
  parameters: string[];
  isPublic: boolean;
  exampleBody: unknown;
}

const METHODS = ['get', 'post', 'put', 'patch', 'delete'] as const;

interface OperationObject {
  tags?: string[];
  parameters?: { name: string; in: string }[];
  security?: unknown[];
  requestBody?: {
    content?: Record<string, { example?: unknown; examples?: Record<string, { value: unknown }> }>;
  };
}

/** Every operation of the running platform, out of its own document. */
export async function operationsOf(api: Api): Promise<Operation[]> {
  const document = expectStatus(await api.get('/openapi.json'), 200) as {
    paths: Record<string, Record<string, OperationObject>>;
  };
  return Object.entries(document.paths).flatMap(([template, item]) =>
    METHODS.filter((method) => item[method]).map((method) =>
      toOperation(method, template, item[method] ?? {}),
    ),
  );
}

function toOperation(method: string, template: string, operation: OperationObject): Operation {
  const content = operation.requestBody?.content?.['application/json'];
  return {
    method: method.toUpperCase(),
    template,
    tag: operation.tags?.[0] ?? '',
    parameters: [...template.matchAll(/\{(\w+)\}/g)].map((match) => match[1] ?? ''),
    isPublic: !operation.security || operation.security.length === 0,
    exampleBody: content?.example ?? Object.values(content?.examples ?? {})[0]?.value,
  };
}
