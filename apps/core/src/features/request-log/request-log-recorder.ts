import { Inject, Injectable, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { FastifyInstance, FastifyReply } from 'fastify';

import { systemClock } from '../../platform/clock/clock.js';
import { CONFIG } from '../../platform/config/config.module.js';
import type { Config } from '../../platform/config/config.schema.js';
import type { NovaRequest } from '../../platform/http/request.js';
import { Repeater } from '../../platform/timers/repeater.js';
import { within } from '../../platform/timers/within.js';
import type { TenantContext } from '../../tenancy/tenant-context.js';
import { type LoggedRequest, loggedRequest } from './logged-request.js';
import { RequestLogBuffer } from './request-log-buffer.js';
import { dropped } from './request-log-metrics.js';
import { RequestLogWriter } from './request-log-writer.js';

const FLUSH_INTERVAL_MS = 1_000;
const LIMITS = { batch: 100, perDatabase: 2_000, total: 20_000 };
/** How long the last rows may take to be written when the process stops. */
const DRAIN_LIMIT_MS = 3_000;

/**
 * Notes every request that opened a tenant, once it is answered, and writes them to the tenant's own log a second later
 * at most: no request waits for its line.
 */
@Injectable()
export class RequestLogRecorder implements OnModuleInit, OnApplicationShutdown {
  private readonly buffer: RequestLogBuffer<LoggedRequest>;
  private readonly flushes: Repeater;

  constructor(
    private readonly http: HttpAdapterHost,
    @Inject(CONFIG) private readonly config: Config,
    writer: RequestLogWriter,
  ) {
    this.buffer = new RequestLogBuffer((target, rows) => writer.write(target, rows), LIMITS);
    this.flushes = new Repeater(
      async () => this.buffer.flush(),
      FLUSH_INTERVAL_MS,
      () => undefined,
    );
  }

  /** The worker and the commands take no requests, and have no adapter. */
  onModuleInit(): void {
    const adapter = this.http.httpAdapter as HttpAdapterHost['httpAdapter'] | undefined;
    if (!adapter || this.config.requestLogDays === 0) return;
    adapter.getInstance<FastifyInstance>().addHook('onResponse', (request, reply, done) => {
      this.note(request, reply);
      done();
    });
    this.flushes.start();
  }

  /** Nest has answered the last request by now, and has not let go of the databases. */
  async onApplicationShutdown(): Promise<void> {
    await this.flushes.stop();
    await within(DRAIN_LIMIT_MS, this.buffer.drain()).catch(() => undefined);
  }

  private note(request: NovaRequest, reply: FastifyReply): void {
    const ctx = request.tenantContext as TenantContext | undefined;
    if (!ctx) return;
    const row = loggedRequest({ request, reply, now: systemClock.now() }, ctx);
    const fits = this.buffer.add({ tenantId: ctx.tenantId, databaseId: ctx.databaseId }, row);
    if (!fits) dropped.inc({ reason: 'buffer_full' });
  }
}
