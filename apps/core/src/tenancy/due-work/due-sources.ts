import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';

import type { TenantProfile, TenantReader } from '../tenant-context.js';
import { DUE_KINDS, type DueKind } from './due-kinds.js';

/** The piece of work that is due first. What is due at the same moment is told apart by its id. */
export interface FirstDue {
  /** On the tenant's clock. */
  readonly at: Date;
  readonly id: string;
}

/** What some work's moment depends on besides the rows: where the tenant's days begin. */
export type DueTenant = Pick<TenantProfile, 'timeZone'>;

/** Finds the work of a kind that is due first, by moment and then by id; null when there is none. */
export type FindFirstDue = (db: TenantReader, tenant: DueTenant) => Promise<FirstDue | null>;

/** Where each kind's due moments are read from. The owning feature registers its query. */
@Injectable()
export class DueSources implements OnApplicationBootstrap {
  private readonly sources = new Map<DueKind, FindFirstDue>();

  register(kind: DueKind, first: FindFirstDue): void {
    if (this.sources.has(kind)) throw new Error(`Due work of kind ${kind} has two sources.`);
    this.sources.set(kind, first);
  }

  of(kind: DueKind): FindFirstDue {
    const source = this.sources.get(kind);
    if (!source) throw new Error(`Due work of kind ${kind} has no source.`);
    return source;
  }

  onApplicationBootstrap(): void {
    for (const kind of Object.keys(DUE_KINDS) as DueKind[]) this.of(kind);
  }
}
