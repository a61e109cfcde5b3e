import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { startSampleApp } from '../sample-app.js';
import { buildDocument } from './build-document.js';

type Document = ReturnType<typeof buildDocument>;
let sample: Awaited<ReturnType<typeof startSampleApp>>;
let document: Document;

beforeAll(async () => {
  sample = await startSampleApp();
  document = buildDocument(sample.app, { tenantErrors: [] });
});
afterAll(() => sample.app.close());

describe('the document', () => {
  it('has each route under its prefix, with id, summary and tag', () => {
    expect(document.paths['/api/things']?.post).toMatchObject({
      operationId: 'createThing',
      summary: 'Create a thing',
      tags: ['Things'],
      security: [],
    });
    expect(Object.keys(document.paths)).not.toContain('/problems/{code}');
  });

  it('has the example of a body, and one made up for an answer', () => {
    const operation = document.paths['/api/things']?.post;
    expect(operation?.requestBody).toMatchObject({
      content: { 'application/json': { example: { name: 'a' } } },
    });
    expect(operation?.responses['201']).toMatchObject({
      content: { 'application/json': { example: { id: '…', name: 'text' } } },
    });
  });

  it('lists the codes of failures, those that follow from the inputs among them', () => {
    const codesAt = (operation: { responses: Record<string, unknown> } | undefined, status: string) =>
      JSON.stringify(operation?.responses[status]);
    expect(codesAt(document.paths['/api/things']?.post, '400')).toContain(
      'Problem.400.invalid_request.malformed_body',
    );
    expect(codesAt(document.paths['/api/things']?.get, '400')).toContain('invalid_cursor');
    expect(document.components?.responses?.['Problem.404.not_found']).toMatchObject({
      description: '`not_found`: There is no such thing here.',
    });
    expect(document.paths['/api/things/{id}']?.get?.responses).toHaveProperty('404');
  });

  it('explains query keys with their bounds', () => {
    expect(document.paths['/api/things']?.get?.parameters).toContainEqual(
      expect.objectContaining({
        name: 'limit',
        in: 'query',
        required: false,
        description: '1 to 100; 20 when absent.',
        schema: expect.objectContaining({ type: 'integer', minimum: 1, maximum: 100 }),
      }),
    );
  });

  it('prints the catalogue of codes and has the schema of problems', () => {
    expect(document.info.description).toContain('| `not_found` | 404 |');
    expect(document.components?.schemas).toHaveProperty('Problem');
  });
});
