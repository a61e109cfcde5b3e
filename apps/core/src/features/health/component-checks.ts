import { Inject, Injectable } from '@nestjs/common';
import type { Logger } from 'pino';

import { LOGGER } from '../../platform/log/log.module.js';
import { CentralDatabase } from '../../tenancy/central/central-database.js';
import { ChangeListener } from '../../tenancy/central/changes.js';
import type { ComponentHealth } from './health.schemas.js';
import { QueueStatus } from './queue-status.js';
import { within } from '../../platform/timers/within.js';

/** All checks run at once, so that readiness is told well within the five seconds that probes allow. */
const CHECK_LIMIT_MS = 2_000;

/** Looks at what the process cannot do without. */
@Injectable()
export class ComponentChecks {
  private running: Promise<ComponentHealth[]> | null = null;

  constructor(
    private readonly central: CentralDatabase,
    private readonly changes: ChangeListener,
    private readonly queues: QueueStatus,
    @Inject(LOGGER) private readonly log: Logger,
  ) {}

  /** The state of every component. Callers at the same moment share one look: anybody may ask, as often as he likes. */
  async look(): Promise<ComponentHealth[]> {
    this.running ??= this.lookAtAll().finally(() => {
      this.running = null;
    });
    return this.running;
  }

  private async lookAtAll(): Promise<ComponentHealth[]> {
    return Promise.all([
      this.check('central_database', async () => void (await this.central.pool.query('SELECT 1'))),
      this.check('queues', () => this.queues.check()),
      this.check('change_listener', () => this.expectTrusted()),
    ]);
  }

  private async expectTrusted(): Promise<void> {
    if (!this.changes.trusted()) throw new Error('The connection that hears of changes is away.');
  }

  private async check(name: ComponentHealth['name'], look: () => Promise<void>): Promise<ComponentHealth> {
    try {
      await within(CHECK_LIMIT_MS, look());
      return { name, status: 'up' };
    } catch (error) {
      // Why stays in the log: a message may name hosts and users, and anybody may read this answer.
      this.log.warn({ err: error, component: name }, 'A component does not answer.');
      return { name, status: 'down' };
    }
  }
}
