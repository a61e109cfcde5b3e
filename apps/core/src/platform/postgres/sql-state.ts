/** The SQLSTATEs that the code tells apart. */
export const SQL_STATE = {
  insufficientPrivilege: '42501',
  dependentObjects: '2BP01',
  objectInUse: '55006',
  lockNotAvailable: '55P03',
  deadlockDetected: '40P01',
  tooManyConnections: '53300',
  administratorEnded: '57P01',
  crashed: '57P02',
  starting: '57P03',
  /** What a pooler answers with, whatever went wrong behind it. */
  protocolViolation: '08P01',
  undefinedTable: '42P01',
  undefinedColumn: '42703',
  uniqueViolation: '23505',
} as const;

/** The SQLSTATE of an error that PostgreSQL has answered with; null of any other. */
export function sqlStateOf(error: unknown): string | null {
  if (!(error instanceof Error) || !('code' in error) || typeof error.code !== 'string') return null;
  return /^[0-9A-Z]{5}$/.test(error.code) ? error.code : null;
}
