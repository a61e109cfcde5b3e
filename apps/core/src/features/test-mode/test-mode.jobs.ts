import { Injectable, type OnModuleInit } from '@nestjs/common';

import { ProblemError } from '../../platform/errors/define-error.js';
import { JobQueues } from '../../platform/queues/job-queues.js';
import { DueSources } from '../../tenancy/due-work/due-sources.js';
import { JobHandlers } from '../../tenancy/jobs/job-handlers.js';
import { OutboxRunner } from '../../tenancy/outbox/outbox-runner.js';
import type { TenantContext } from '../../tenancy/tenant-context.js';
import { advanceTestClock, type AdvanceDeps, type AdvanceOutcome } from './advance-test-clock.js';
import { clockCannotGoBack } from './test-mode.errors.js';

/** Moves test clocks, for requests and for the jobs that take long moves on. */
@Injectable()
export class TestClockMover implements OnModuleInit {
  private readonly deps: AdvanceDeps;

  constructor(
    sources: DueSources,
    private readonly handlers: JobHandlers,
    outbox: OutboxRunner,
    queues: JobQueues,
  ) {
    this.deps = { sources, handlers, outbox, queues };
  }

  onModuleInit(): void {
    this.handlers.register('test_clock.advance', (ctx, { databaseId, to }) =>
      ctx.databaseId === databaseId ? this.takeOn(ctx, new Date(to)) : Promise.resolve(),
    );
  }

  /** Moves the clock of a test database; see `advanceTestClock`. */
  advance(ctx: TenantContext, to: Date): Promise<AdvanceOutcome> {
    return advanceTestClock(this.deps, ctx, to);
  }

  /** The job may run twice, and its advance may have been finished by another: then there is nothing left to do. */
  private async takeOn(ctx: TenantContext, to: Date): Promise<void> {
    try {
      await this.advance(ctx, to);
    } catch (error) {
      if (!(error instanceof ProblemError) || error.definition.code !== clockCannotGoBack.code) throw error;
    }
  }
}
