import { z } from 'zod';

import type { ProblemError } from '../errors/define-error.js';

/** The body of every answer of 400 and above: RFC 9457, with our code, the request's id and the places at fault. */
export const ProblemSchema = z
  .object({
    type: z.url().meta({ description: 'Explains the code.' }),
    title: z.string(),
    status: z.int().min(400).max(599),
    detail: z.string(),
    code: z
      .string()
      .meta({ description: 'Stable: write programs against this.', example: 'invalid_request' }),
    requestId: z.string().meta({ description: 'As in the Request-Id header; tell it to support.' }),
    instance: z.string().meta({ description: 'The path that was asked for.' }),
    errors: z.array(
      z.object({
        pointer: z
          .string()
          .meta({ description: 'JSON Pointer into the body, `?key` for a query key.', example: '/email' }),
        code: z.string(),
        message: z.string(),
      }),
    ),
  })
  .meta({ id: 'Problem' });
export type Problem = z.infer<typeof ProblemSchema>;

/** Where a problem happened, as its body says. */
export interface ProblemPlace {
  publicUrl: string;
  requestId: string;
  /** The path of the request, without its query. */
  instance: string;
}

/** Where a code is explained. `problems.controller.ts` serves it. */
export function problemUrl(publicUrl: string, code: string): string {
  return `${publicUrl}/problems/${code}`;
}

/** The wire form of a failure. */
export function toWireProblem(error: ProblemError, place: ProblemPlace): Problem {
  const { code, status, title } = error.definition;
  return {
    type: problemUrl(place.publicUrl, code),
    title,
    status,
    detail: error.message,
    code,
    requestId: place.requestId,
    instance: place.instance,
    errors: [...error.errors],
  };
}
