import type { OpenAPIObject } from '@nestjs/swagger';

import { codesOf } from '../problem-responses.js';

type Responses = NonNullable<OpenAPIObject['paths'][string]['get']>['responses'];
type Shared = NonNullable<NonNullable<OpenAPIObject['components']>['responses']>;

/**
 * Moves failures to the components, each under its status and codes: most operations fail in the same ways, and said
 * in every one of them these ways would be most of the document.
 */
export function shareProblems(responses: Responses, shared: Shared): void {
  for (const [status, response] of Object.entries(responses)) {
    const codes = codesOf(response);
    if (!response || codes.length === 0) continue;
    const name = ['Problem', status, ...codes].join('.');
    shared[name] = response;
    responses[status] = { $ref: `#/components/responses/${name}` };
  }
}
