import type { Logger } from 'pino';

import type { Clock } from '../../platform/clock/clock.js';
import type { Config } from '../../platform/config/config.schema.js';
import type { JobQueues } from '../../platform/queues/job-queues.js';
import type { CentralDatabase } from '../../tenancy/central/central-database.js';
import type { TenantDirectory } from '../../tenancy/directory/tenant-directory.js';
import type { KeyRing } from '../../tenancy/keys/key-ring.js';
import type { TenantProvisioner } from '../../tenancy/provisioning/tenant-provisioner.js';

/** What the verbs about a tenant's life work with. Nest injects it under `TENANT_LIFE`. */
export interface LifeDeps {
  readonly central: CentralDatabase;
  readonly config: Config;
  readonly keys: KeyRing;
  readonly provisioner: TenantProvisioner;
  readonly queues: JobQueues;
  readonly directory: TenantDirectory;
  readonly clock: Clock;
  readonly log: Logger;
}

/** Injection token of the dependencies: `@Inject(TENANT_LIFE) deps: LifeDeps`. */
export const TENANT_LIFE = Symbol('TENANT_LIFE');

/** Hears what a verb of several steps is about to do. */
export type Progress = (step: string) => void | Promise<void>;

export const SILENTLY: Progress = () => undefined;
