import { type BeforeApplicationShutdown, Global, Module, type OnApplicationShutdown } from '@nestjs/common';

import { Queues } from '../platform/queues/queues.js';
import { QueuesModule } from '../platform/queues/queues.module.js';
import { CentralDatabase } from './central/central-database.js';
import { ChangeListener } from './central/changes.js';
import { TenantClients } from './clients/tenant-clients.js';
import { OpenDatabases } from './context/open-databases.js';
import { PlatformBooks } from './context/platform-books.js';
import { TenantContexts } from './context/tenant-contexts.js';
import { TenantWrites } from './context/tenant-writes.js';
import { TenantDirectory } from './directory/tenant-directory.js';
import { DailyTasks } from './dirty-marks/daily-tasks.js';
import { DirtyMarks } from './dirty-marks/dirty-marks.js';
import { DueSources } from './due-work/due-sources.js';
import { DueWorkIndex } from './due-work/due-work-index.js';
import { PlatformTasks } from './housekeeping/platform-tasks.js';
import { JobHandlers } from './jobs/job-handlers.js';
import { OutboxRelay } from './outbox/outbox-relay.js';
import { OutboxRunner } from './outbox/outbox-runner.js';
import { HASH_KEY_PROVIDER, KEY_RING_PROVIDER } from './keys/key-ring.provider.js';
import { TenantProvisioner } from './provisioning/tenant-provisioner.js';

const SHARED = [
  CentralDatabase,
  ChangeListener,
  KEY_RING_PROVIDER,
  HASH_KEY_PROVIDER,
  TenantDirectory,
  TenantClients,
  OpenDatabases,
  PlatformBooks,
  TenantContexts,
  TenantWrites,
  DirtyMarks,
  DailyTasks,
  PlatformTasks,
  DueSources,
  DueWorkIndex,
  JobHandlers,
  OutboxRelay,
  OutboxRunner,
  TenantProvisioner,
];

/** Who the tenants are, their databases, and the only way to read and write them. Serves api, worker and cli alike. */
@Global()
@Module({
  imports: [QueuesModule],
  providers: SHARED,
  exports: SHARED,
})
export class TenancyModule implements BeforeApplicationShutdown, OnApplicationShutdown {
  constructor(
    private readonly writes: TenantWrites,
    private readonly marks: DirtyMarks,
    private readonly clients: TenantClients,
    private readonly changes: ChangeListener,
    private readonly central: CentralDatabase,
    private readonly queues: Queues,
  ) {}

  /** What jobs have written is looked after while the queues are still open: no job is done any more by now. */
  async beforeApplicationShutdown(): Promise<void> {
    await this.writes.settled();
  }

  /** In this order: what the last requests wrote is looked after, then all that this takes is closed. */
  async onApplicationShutdown(): Promise<void> {
    await this.writes.settled();
    await this.queues.close();
    await this.marks.close();
    await this.clients.close();
    await this.changes.close();
    await this.central.close();
  }
}
