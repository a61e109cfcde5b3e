/** What Prisma's driver adapter says of a broken unique key: the code is Prisma's, the index PostgreSQL's. */
interface UniqueViolation {
  meta?: {
    driverAdapterError?: {
      cause?: { kind?: string; constraint?: { index?: string; fields?: readonly string[] } };
    };
  };
}

/** P2002 of a write of Prisma's own, P2010 of a statement of ours. */
const CODES: readonly unknown[] = ['P2002', 'P2010'];

/** The name of the unique index that a write was refused by; null when it failed of something else. */
export function violatedUniqueIndex(error: unknown): string | null {
  if (!(error instanceof Error) || !('code' in error) || !CODES.includes(error.code)) return null;
  const cause = (error as UniqueViolation).meta?.driverAdapterError?.cause;
  if (error.code === 'P2010' && cause?.kind !== 'UniqueConstraintViolation') return null;
  return cause?.constraint?.index ?? '';
}
