/** Migrating a database was refused or has failed. The message says what to do about it. */
export class MigrationError extends Error {
  override readonly name = 'MigrationError';
}
