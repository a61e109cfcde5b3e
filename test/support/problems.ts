import { expectStatus, type ApiResponse } from './api.js';

/** The places that a problem points to, sorted; fails when the answer has another status or code. */
export function pointersOf(
  response: ApiResponse,
  { status, code }: { status: number; code: string },
): string[] {
  const problem = expectStatus(response, status);
  if (problem.code !== code) throw new Error(`Expected ${code}, got ${JSON.stringify(problem)}`);
  return problem.errors.map(({ pointer }: { pointer: string }) => pointer).sort();
}
