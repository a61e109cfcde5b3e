import { Global, Module } from '@nestjs/common';
import { APP_FILTER, APP_INTERCEPTOR, APP_PIPE, DiscoveryModule } from '@nestjs/core';

import { Cursors } from './cursors.js';
import { EndpointAudit } from './endpoint-audit.js';
import { ProblemFilter } from './problem.filter.js';
import { ProblemsController } from './problems.controller.js';
import { ResponseInterceptor } from './response.interceptor.js';
import { RouteTable } from './route-table.js';
import { Shutdown } from './shutdown.js';
import { UndeclaredInputInterceptor } from './undeclared-input.interceptor.js';
import { SchemaValidationPipe } from './validation.pipe.js';

/** What every route gets: validation, the form of answers and of failures, and the start-up check of its access. */
@Global()
@Module({
  imports: [DiscoveryModule],
  controllers: [ProblemsController],
  providers: [
    Cursors,
    EndpointAudit,
    RouteTable,
    Shutdown,
    { provide: APP_FILTER, useClass: ProblemFilter },
    { provide: APP_PIPE, useClass: SchemaValidationPipe },
    { provide: APP_INTERCEPTOR, useClass: UndeclaredInputInterceptor },
    { provide: APP_INTERCEPTOR, useClass: ResponseInterceptor },
  ],
  exports: [Cursors, RouteTable, Shutdown],
})
export class HttpModule {}
