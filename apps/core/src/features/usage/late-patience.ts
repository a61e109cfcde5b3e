/**
 * How long late events of a customer of whom no billing is to come wait for others, so that there is one invoice for
 * them. By the tenant's clock.
 */
export const LATE_USAGE_PATIENCE_MS = 3_600_000;
