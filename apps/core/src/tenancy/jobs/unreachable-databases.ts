import { Injectable } from '@nestjs/common';

import { ChangeListener } from '../central/changes.js';

const FIRST_PAUSE_MS = 1_000;
const PAUSE_MAX_MS = 15_000;

interface Absence {
  failures: number;
  /** On the monotonic clock. */
  until: number;
}

/** Which database of a tenant is meant. */
export interface DatabaseOf {
  tenantId: string;
  mode: string;
}

/**
 * Databases that this process could not reach a moment ago. Nobody tries again before the pause is over, so that a
 * database that does not answer costs others neither time nor slots. Pauses grow while it stays away.
 */
@Injectable()
export class UnreachableDatabases {
  private readonly absences = new Map<string, Absence>();

  constructor(changes: ChangeListener) {
    // It may have been moved or mended.
    changes.onChange((change) => {
      if (change.kind !== 'tenant') return;
      for (const mode of ['test', 'live']) this.absences.delete(keyOf({ tenantId: change.tenantId, mode }));
    });
  }

  /** How long to leave the database alone; 0 when it may be tried. */
  pauseMs(database: DatabaseOf): number {
    const absence = this.absences.get(keyOf(database));
    return absence ? Math.max(0, absence.until - performance.now()) : 0;
  }

  /**
   * Notes that it could not be reached.
   * @returns for how long it is left alone
   */
  note(database: DatabaseOf): number {
    const known = this.absences.get(keyOf(database));
    // Those that tried at the same time say nothing new.
    if (known && known.until > performance.now()) return known.until - performance.now();
    const failures = (known?.failures ?? 0) + 1;
    const pauseMs = Math.min(PAUSE_MAX_MS, FIRST_PAUSE_MS * 2 ** (failures - 1));
    this.absences.set(keyOf(database), { failures, until: performance.now() + pauseMs });
    return pauseMs;
  }

  /** Notes that it was reached. */
  clear(database: DatabaseOf): void {
    this.absences.delete(keyOf(database));
  }
}

function keyOf({ tenantId, mode }: DatabaseOf): string {
  return `${tenantId}/${mode}`;
}
