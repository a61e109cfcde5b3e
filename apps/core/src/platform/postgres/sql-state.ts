/** The SQLSTATEs that the code tells apart. */
export const SQL_STATE = {
  insufficientPrivilege: '42501',
  objectInUse: '55006',
  lockNotAvailable: '55P03',
  deadlockDetected: '40P01',
  undefinedTable: '42P01',
} as const;

/** The SQLSTATE of an error that PostgreSQL has answered with; null of any other. */
export function sqlStateOf(error: unknown): string | null {
  if (!(error instanceof Error) || !('code' in error) || typeof error.code !== 'string') return null;
  return /^[0-9A-Z]{5}$/.test(error.code) ? error.code : null;
}
