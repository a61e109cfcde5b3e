/**
 * Whether a write was refused because what it refers to is not there, or what refers to it is: P2003 of a write of
 * Prisma's own, P2010 of a statement of ours, of which the driver adapter tells what it was.
 */
export function violatesForeignKey(error: unknown): boolean {
  if (!(error instanceof Error) || !('code' in error)) return false;
  if (error.code === 'P2003') return true;
  const { meta } = error as { meta?: { driverAdapterError?: { cause?: { kind?: string } } } };
  return error.code === 'P2010' && meta?.driverAdapterError?.cause?.kind === 'ForeignKeyConstraintViolation';
}
