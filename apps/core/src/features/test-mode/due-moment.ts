import { DUE_KINDS, type DueKind } from '../../tenancy/due-work/due-kinds.js';
import type { DueSources, DueTenant } from '../../tenancy/due-work/due-sources.js';
import type { TenantReader } from '../../tenancy/tenant-context.js';

export interface DueMoment {
  readonly at: Date;
  /** What is due then, in the order in which kinds are worked off. */
  readonly kinds: readonly DueKind[];
}

/** The next moment at which anything is due in a tenant's database; null when nothing is. */
export async function nextDueMoment(
  sources: DueSources,
  db: TenantReader,
  tenant: DueTenant,
): Promise<DueMoment | null> {
  const found: { kind: DueKind; at: Date }[] = [];
  for (const kind of Object.keys(DUE_KINDS) as DueKind[]) {
    const due = await sources.of(kind)(db, tenant);
    if (due !== null) found.push({ kind, at: due.at });
  }
  const [first, ...others] = found;
  if (!first) return null;
  const at = others.reduce((earliest, due) => (due.at < earliest ? due.at : earliest), first.at);
  return { at, kinds: found.filter((due) => due.at <= at).map((due) => due.kind) };
}
