import { defineError } from '../../platform/errors/define-error.js';

export const backupRefused = defineError('backup_refused', 409, 'The backup cannot be made like this');
export const restoreRefused = defineError('restore_refused', 409, 'The backup cannot be restored like this');
export const postgresProgramsMissing = defineError(
  'postgres_programs_missing',
  412,
  'PostgreSQL’s programs for backups are not on this machine',
);
