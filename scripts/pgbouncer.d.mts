/** Why there can be no PgBouncer on this machine; null when there can. */
export function pgbouncerMissing(): string | null;

/** Starts a PgBouncer on a free port in front of a PostgreSQL; without one, `address` is null and `reason` says why. */
export function startPgBouncer(server: {
  host: string;
  port: number;
  password: string;
}): Promise<{ address: string | null; reason?: string; stop(): Promise<void> }>;
