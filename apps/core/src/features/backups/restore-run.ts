import type { Tenant, TenantDatabase } from '@nova/prisma-central';

import type { CopyNames } from '../../tenancy/backups/database-copies.js';
import type { DatabaseServer } from '../../tenancy/servers/admin-client.js';
import type { ClusterNames } from '../../tenancy/servers/cluster-names.js';
import type { Mode } from '../../tenancy/tenant-context.js';
import type { Caller } from '../audit/caller.js';
import type { LifeDeps, Progress } from '../tenant-life/life-deps.js';
import type { Finding } from '../verify/money-check.js';
import type { BackupFile } from './backup-file.js';

export interface RestoreRequest {
  readonly file: string;
  /** Null: the backup's own. */
  readonly mode: Mode | null;
  /** What becomes of the database whose place is taken. */
  readonly old: 'drop' | 'keep';
  /** Whether a backup is restored whose books are wrong. */
  readonly findings: 'refuse' | 'accept';
}

/** What was restored. */
export interface Restoration {
  readonly tenantId: string;
  readonly slug: string;
  readonly mode: string;
  readonly databaseId: string;
  readonly takenAt: string;
  readonly schemaVersion: string;
  readonly findings: readonly Finding[];
  /** The name of the database whose place was taken, when it was kept. */
  readonly oldDatabase: string | null;
  /** Whether an earlier call had done all but the last steps. */
  readonly resumed: boolean;
}

/** One restoration, while it lasts. */
export interface RestoreRun {
  readonly deps: LifeDeps;
  readonly caller: Caller;
  readonly request: RestoreRequest;
  readonly tell: Progress;
  readonly backup: BackupFile;
  readonly tenant: Tenant;
  readonly database: TenantDatabase;
  readonly server: DatabaseServer;
  readonly names: ClusterNames;
  readonly copies: CopyNames;
  /** Of the tenant's role. */
  readonly password: string;
}

/** What a database says of itself from the moment its contents are complete until the restoration is over. */
export function stampOf({ manifest }: BackupFile): string {
  return `nova restored ${manifest.sha256}`;
}
