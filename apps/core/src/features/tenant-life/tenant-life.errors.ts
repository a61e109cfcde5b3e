import { defineError } from '../../platform/errors/define-error.js';

export const tenantStatusConflict = defineError(
  'tenant_status_conflict',
  409,
  'The tenant’s status does not allow this',
);
export const tenantExportFailed = defineError(
  'tenant_export_failed',
  500,
  'The tenant could not be exported, so nothing else was done',
);
