import type { Actor } from '../tenant-context.js';

/** On whose behalf a transaction writes, as the audit log of the tenant's database tells it. */
export interface Author {
  readonly type: Exclude<Actor['type'], 'system'>;
  readonly id: string;
  readonly requestId: string | null;
  readonly ip: string | null;
}

/** Null for the platform's own jobs: what follows from a change by itself is not listed. */
export function authorOf(by: { actor: Actor; requestId: string | null; ip: string | null }): Author | null {
  const { actor, requestId, ip } = by;
  return actor.type === 'system' ? null : { type: actor.type, id: actor.id, requestId, ip };
}
