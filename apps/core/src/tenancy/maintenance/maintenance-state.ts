import type { Tenant } from '@nova/prisma-central';

import type { CentralClient, CentralTransaction } from '../central/central-database.js';

/** Why a tenant is under maintenance, and until when that is expected; null when it is not. */
export interface Maintenance {
  readonly reason: string;
  readonly until: Date | null;
}

/** What entering or leaving has changed; the same twice when it was so already. */
export interface MaintenanceChange {
  readonly before: Maintenance | null;
  readonly after: Maintenance | null;
}

/** Writes down who did it, in the same transaction. Not called when nothing has changed. */
export type MaintenanceRecord = (tx: CentralTransaction, change: MaintenanceChange) => Promise<void>;

export interface MaintenanceDeps {
  readonly db: CentralClient;
}

export const NO_RECORD: MaintenanceRecord = () => Promise.resolve();

export function maintenanceOf(
  tenant: Pick<Tenant, 'maintenanceReason' | 'maintenanceUntil'>,
): Maintenance | null {
  const { maintenanceReason: reason, maintenanceUntil: until } = tenant;
  return reason === null ? null : { reason, until };
}
