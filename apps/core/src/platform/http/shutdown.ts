import { setTimeout as wait } from 'node:timers/promises';

import { Inject, Injectable } from '@nestjs/common';
import type { FastifyInstance } from 'fastify';

import { CONFIG } from '../config/config.module.js';
import type { Config } from '../config/config.schema.js';
import { OpenConnections } from './open-connections.js';

/** In production a load balancer needs a moment to notice that this process is not ready any more. */
const DRAIN_MS: Readonly<Record<Config['env'], number>> = { production: 3_000, development: 0, test: 0 };

/**
 * The order in which the server leaves: readiness says no, those who still come are answered and asked to close the
 * connection, then Nest stops listening, waits for requests under way, and last of all the databases are let go.
 */
@Injectable()
export class Shutdown {
  private begun = false;

  constructor(@Inject(CONFIG) private readonly config: Pick<Config, 'env'>) {}

  /** Whether the process is on its way out. */
  underWay(): boolean {
    return this.begun;
  }

  /** From now on the process is not ready. Resolves when callers have had the time to notice. */
  async begin(): Promise<void> {
    this.begun = true;
    await wait(DRAIN_MS[this.config.env]);
  }

  /** Asks every caller to close his connection once the process is on its way out, and closes those that are not in use. */
  watch(fastify: FastifyInstance): void {
    const connections = new OpenConnections(fastify.server);
    fastify.addHook('preClose', (done) => {
      connections.closeIdle();
      done();
    });
    fastify.addHook('onSend', (_request, reply, payload, done) => {
      if (this.begun) void reply.header('connection', 'close');
      done(null, payload);
    });
  }
}
