import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';

import type { TenantReader } from '../tenant-context.js';
import { DUE_KINDS, type DueKind } from './due-kinds.js';

/** The earliest moment, on the tenant's clock, at which work of a kind is due; null when there is none. */
export type EarliestDue = (db: TenantReader) => Promise<Date | null>;

/** Where each kind's due moments are read from. The owning feature registers its query. */
@Injectable()
export class DueSources implements OnApplicationBootstrap {
  private readonly sources = new Map<DueKind, EarliestDue>();

  register(kind: DueKind, earliest: EarliestDue): void {
    if (this.sources.has(kind)) throw new Error(`Due work of kind ${kind} has two sources.`);
    this.sources.set(kind, earliest);
  }

  of(kind: DueKind): EarliestDue {
    const source = this.sources.get(kind);
    if (!source) throw new Error(`Due work of kind ${kind} has no source.`);
    return source;
  }

  onApplicationBootstrap(): void {
    for (const kind of Object.keys(DUE_KINDS) as DueKind[]) this.of(kind);
  }
}
