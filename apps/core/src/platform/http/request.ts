import type { FastifyRequest } from 'fastify';

/**
 * A request with what the guard puts there before the handler is called. The contexts' types belong to layers above
 * this one, so here they are unknown; `@Ctx()` and its like give them to handlers.
 */
export interface NovaRequest extends FastifyRequest {
  tenantContext?: unknown;
  accountContext?: unknown;
  /** The code of the problem that it was answered with. */
  problemCode?: string;
  /** The status of a successful answer, where it is another than the one that the route always has. */
  answerStatus?: number;
}
