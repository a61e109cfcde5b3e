import { readFileSync } from 'node:fs';

import { Ajv2020 } from 'ajv/dist/2020.js';
import { beforeAll, describe, expect, it } from 'vitest';

import { openApiDocument } from './openapi.js';

interface Content {
  schema?: object;
  example?: unknown;
}
interface ResponseObject {
  $ref?: string;
  description?: string;
  content?: Record<string, Content>;
}
interface Operation {
  operationId?: string;
  summary?: string;
  tags?: string[];
  security?: object[];
  parameters?: { name: string; in: string; schema?: object }[];
  requestBody?: { content: Record<string, Content> };
  responses: Record<string, ResponseObject>;
}
interface Document {
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, object>; responses: Record<string, ResponseObject> };
}

let document: Document;
let operations: [string, Operation][];
let ajv: Ajv2020;

beforeAll(async () => {
  document = (await openApiDocument()) as Document;
  operations = Object.entries(document.paths).flatMap(([path, item]) =>
    Object.entries(item).map(([method, operation]): [string, Operation] => [`${method} ${path}`, operation]),
  );
  ajv = new Ajv2020({ strict: false, allErrors: true, validateFormats: false });
  ajv.addSchema(withFullRefs({ $id: 'openapi', components: document.components }) as object, 'openapi');
});

/** Refs lead into the document, wherever the schema that has them is compiled. */
function withFullRefs(part: unknown): unknown {
  if (Array.isArray(part)) return part.map(withFullRefs);
  if (typeof part !== 'object' || part === null) return part;
  return Object.fromEntries(
    Object.entries(part).map(([key, inner]) => [
      key,
      key === '$ref' && typeof inner === 'string' ? inner.replace(/^#/, 'openapi#') : withFullRefs(inner),
    ]),
  );
}

/** What is wrong with the example of a content, as a sentence; none when it fits its schema. */
function flawOf(where: string, content: Content | undefined): string[] {
  if (!content?.schema) return [];
  const validate = ajv.compile(withFullRefs(content.schema) as object);
  if (content.example === undefined) return [`${where}: no example`];
  return validate(content.example) ? [] : [`${where}: ${ajv.errorsText(validate.errors)}`];
}

describe('the OpenAPI document', () => {
  it('is the committed one; `npm run openapi` writes it', () => {
    const committed = readFileSync(new URL('../../../infra/openapi.json', import.meta.url), 'utf8');
    expect(JSON.stringify(document, null, 2) === committed.trimEnd()).toBe(true);
  });

  it('names every operation, in words and for programs', () => {
    expect(operations.length).toBeGreaterThan(50);
    for (const [name, { operationId, summary, tags, security }] of operations) {
      expect({ name, operationId, summary, tags, security }).toEqual({
        name,
        operationId: expect.stringMatching(/^[a-z][A-Za-z]+$/),
        summary: expect.stringMatching(/^[A-Z].+[^.]$/),
        tags: [expect.stringMatching(/^[A-Z]/)],
        security: expect.any(Array),
      });
    }
    const ids = operations.map(([, { operationId }]) => operationId);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('declares every part of a path', () => {
    for (const [name, { parameters }] of operations) {
      const declared = (parameters ?? [])
        .filter((parameter) => parameter.in === 'path')
        .map((parameter) => parameter.name);
      const used = [...name.matchAll(/\{(\w+)\}/g)].map((match) => match[1]);
      expect({ name, declared: new Set(declared) }).toEqual({ name, declared: new Set(used) });
    }
  });

  it('refers to nothing that is not there', () => {
    const refs = [...JSON.stringify(document).matchAll(/"\$ref":"#\/components\/(\w+)\/([^"]+)"/g)];
    const components = document.components as unknown as Record<string, object | undefined>;
    const dangling = refs.filter(([, kind = '', name = '']) => !Object.hasOwn(components[kind] ?? {}, name));
    expect(dangling.map(([ref]) => ref)).toEqual([]);
  });

  it('names the schema of every body and answer', () => {
    const unnamed = operations.flatMap(([name, { requestBody, responses }]) => {
      const contents = [requestBody, ...Object.values(responses)].map(
        (part) => part?.content?.['application/json'],
      );
      return contents.filter((content) => content?.schema && !('$ref' in content.schema)).map(() => name);
    });
    expect(unnamed).toEqual([]);
  });

  it('has an example of every body and answer, and each fits its schema', () => {
    const flaws = operations.flatMap(([name, { requestBody, responses }]) => [
      ...flawOf(`${name} body`, requestBody?.content['application/json']),
      ...Object.entries(responses).flatMap(([status, { content }]) =>
        flawOf(`${name} ${status}`, content?.['application/json']),
      ),
    ]);
    expect(flaws).toEqual([]);
  });

  it('describes every failure as a problem with its codes', () => {
    for (const [name, { responses }] of operations) {
      for (const [status, response] of Object.entries(responses)) {
        if (Number(status) < 400) continue;
        const { content, description } =
          document.components.responses[response.$ref?.split('/').at(-1) ?? ''] ?? {};
        expect({ name, status, description, types: Object.keys(content ?? {}) }).toEqual({
          name,
          status,
          description: expect.stringMatching(/^`[a-z_]+`: /),
          types: ['application/problem+json'],
        });
      }
    }
  });
});
