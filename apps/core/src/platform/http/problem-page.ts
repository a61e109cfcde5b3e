import type { FastifyReply, FastifyRequest } from 'fastify';

import type { ProblemError } from '../errors/define-error.js';

/** Writes the page that tells people of a failure. It sets what headers the page needs; the status is set already. */
export type ProblemPage = (problem: ProblemError, reply: FastifyReply) => string;

/** For `@RouteConfig`: the route is for people, so that its failures are told by a page instead of problem+json. */
export function problemsAsPage(problemPage: ProblemPage): { readonly problemPage: ProblemPage } {
  return { problemPage };
}

/** How failures of the route of a request are told to people; null where programs are told. */
export function problemPageOf(request: Pick<FastifyRequest, 'routeOptions'>): ProblemPage | null {
  const config = request.routeOptions.config as { problemPage?: ProblemPage } | undefined;
  return config?.problemPage ?? null;
}
