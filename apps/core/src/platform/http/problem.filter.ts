import { type ArgumentsHost, Catch, type ExceptionFilter, HttpException, Inject } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import type { Logger } from 'pino';
import { EmptyError } from 'rxjs';

import { CONFIG } from '../config/config.module.js';
import type { Config } from '../config/config.schema.js';
import { methodNotAllowed, notFound } from '../errors/common-errors.js';
import { LOGGER } from '../log/log.module.js';
import type { NovaRequest } from './request.js';
import { RouteTable } from './route-table.js';
import { pathOf, sendProblem } from './send-problem.js';

/** Answers every failure as problem+json, those of Fastify itself among them. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  constructor(
    @Inject(CONFIG) private readonly config: Config,
    @Inject(LOGGER) private readonly log: Logger,
    private readonly routes: RouteTable,
  ) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const request = http.getRequest<NovaRequest>();
    // Its client hung up before the handler was called, so it was not, and there is nobody to answer.
    if (error instanceof EmptyError && request.raw.socket.destroyed) return;
    const failure = request.is404 && error instanceof HttpException ? this.unknownRoute(request) : error;
    const sender = { publicUrl: this.config.publicUrl, log: this.log };
    sendProblem(sender, failure, request, http.getResponse<FastifyReply>());
  }

  private unknownRoute(request: NovaRequest): Error {
    const methods = this.routes.methodsOf(request.url);
    if (methods.length === 0) return notFound(`There is nothing at ${pathOf(request)}.`);
    const allow = methods.join(', ');
    return methodNotAllowed(`${pathOf(request)} takes ${allow}.`, { headers: { allow } });
  }
}
