import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyInstance } from 'fastify';
import type { Logger } from 'pino';

import { CONFIG } from '../config/config.module.js';
import type { Config } from '../config/config.schema.js';
import { LOGGER } from '../log/log.module.js';
import type { LeavingAdapter } from './leaving-adapter.js';
import { addRequestHooks } from './request-hooks.js';
import { RouteTable } from './route-table.js';
import { addSecurityHeaders } from './security-headers.js';
import { Shutdown } from './shutdown.js';

/** Paths that are not under `/api`: for operators, and the page that a problem's `type` leads to. */
const FOR_OPERATORS = [
  'health',
  'health/live',
  'health/ready',
  'health/tenants',
  'metrics',
  'problems/:code',
];

/** Pages that customers pay on. */
const FOR_CUSTOMERS = [
  'pay/:token',
  'pay/:token/return',
  'pay/:token/invoice.pdf',
  'pay/:token/payments/:paymentId',
  'pay/:token/receipt/:paymentId',
  'pay/sandbox/:reference',
];

/** The app, as entry points and tests hold it. */
export type NovaApplication = NestFastifyApplication;

/** Sets up what an app with `HttpModule` and `createAdapter` does with every request. To be called before the app is initialised. */
export async function configureHttp(app: NovaApplication): Promise<void> {
  const adapter = app.getHttpAdapter() as unknown as LeavingAdapter;
  const fastify = adapter.getInstance<FastifyInstance>();
  app.get(RouteTable).watch(fastify);
  addRequestHooks(fastify, app.get<Logger>(LOGGER));
  const shutdown = app.get(Shutdown);
  shutdown.watch(fastify);
  adapter.onLeaving(() => shutdown.begin());
  await addSecurityHeaders(fastify, app.get<Config>(CONFIG));
  prefixRoutes(app);
}

/** Puts all routes under `/api`, but for those at the root. */
export function prefixRoutes(app: NovaApplication): void {
  app.setGlobalPrefix('api', { exclude: [...FOR_OPERATORS, ...FOR_CUSTOMERS] });
}
