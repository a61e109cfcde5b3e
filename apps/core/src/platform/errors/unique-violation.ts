/** What Prisma's driver adapter says of a broken unique key: the code is Prisma's, the index PostgreSQL's. */
interface UniqueViolation {
  code: 'P2002';
  meta?: { driverAdapterError?: { cause?: { constraint?: { index?: string } } } };
}

/** The name of the unique index that a write of Prisma's was refused by; null when it failed of something else. */
export function violatedUniqueIndex(error: unknown): string | null {
  if (!(error instanceof Error) || !('code' in error) || error.code !== 'P2002') return null;
  return (error as unknown as UniqueViolation).meta?.driverAdapterError?.cause?.constraint?.index ?? '';
}
