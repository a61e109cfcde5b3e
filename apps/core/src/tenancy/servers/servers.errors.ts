import { defineError } from '../../platform/errors/define-error.js';

export const noDatabaseServer = defineError(
  'no_database_server',
  503,
  'No database server takes the tenant’s databases',
);
export const databaseServerConflict = defineError(
  'database_server_conflict',
  409,
  'How the database server stands does not allow this',
);
export const databaseServerUnfit = defineError(
  'database_server_unfit',
  409,
  'The database server cannot hold tenant databases',
);
export const databaseServerUnreachable = defineError(
  'database_server_unreachable',
  503,
  'The database server cannot be reached',
);
