/** The SQLSTATEs that the code tells apart. */
export const SQL_STATE = {
  insufficientPrivilege: '42501',
  invalidCatalogName: '3D000',
  objectInUse: '55006',
  objectNotInPrerequisiteState: '55000',
  lockNotAvailable: '55P03',
  deadlockDetected: '40P01',
  duplicateDatabase: '42P04',
  duplicateObject: '42710',
  uniqueViolation: '23505',
} as const;

/** The SQLSTATE of an error that PostgreSQL has answered with; null of any other. */
export function sqlStateOf(error: unknown): string | null {
  if (!(error instanceof Error) || !('code' in error) || typeof error.code !== 'string') return null;
  return /^[0-9A-Z]{5}$/.test(error.code) ? error.code : null;
}
