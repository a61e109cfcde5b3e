import 'vitest';

declare module 'vitest' {
  export interface ProvidedContext {
    /** Superuser's URL of the PostgreSQL that the tests of this run make their databases on. */
    postgresUrl: string;
    /** Where BullMQ runs in this pass: empty for PostgreSQL. */
    redisUrl: string;
    /** `host:port` of the PgBouncer that tenants' connections go through in this pass; empty when they go direct. */
    poolerAddress: string;
  }
}
