import { setTimeout as wait } from 'node:timers/promises';

import { type BeforeApplicationShutdown, Inject, Injectable } from '@nestjs/common';
import type { FastifyInstance } from 'fastify';

import { CONFIG } from '../config/config.module.js';
import type { Config } from '../config/config.schema.js';

/** In production a load balancer needs a moment to notice that this process is not ready any more. */
const DRAIN_MS: Readonly<Record<Config['env'], number>> = { production: 3_000, development: 0, test: 0 };

/**
 * The order in which the server leaves: readiness says no, those who still come are answered and asked to close the
 * connection, then Nest stops listening, waits for requests under way, and last of all the databases are let go.
 */
@Injectable()
export class Shutdown implements BeforeApplicationShutdown {
  private begun = false;

  constructor(@Inject(CONFIG) private readonly config: Pick<Config, 'env'>) {}

  /** Whether the process is on its way out. */
  underWay(): boolean {
    return this.begun;
  }

  /** Asks every caller to close his connection once the process is on its way out. */
  watch(fastify: FastifyInstance): void {
    fastify.addHook('onSend', (_request, reply, payload, done) => {
      if (this.begun) void reply.header('connection', 'close');
      done(null, payload);
    });
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.begun = true;
    await wait(DRAIN_MS[this.config.env]);
  }
}
