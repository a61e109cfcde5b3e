/** Migrating a database was refused or has failed. The message says what to do about it. */
export class MigrationError extends Error {
  override readonly name: string = 'MigrationError';
}

/** A tenant, server or run that an operator has named is not there. */
export class UnknownNameError extends MigrationError {
  override readonly name = 'UnknownNameError';
}
