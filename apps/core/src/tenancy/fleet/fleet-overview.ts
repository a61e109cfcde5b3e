import { Injectable } from '@nestjs/common';

import { systemClock } from '../../platform/clock/clock.js';
import { CentralDatabase } from '../central/central-database.js';
import { KeyRing } from '../keys/key-ring.js';
import { readServers } from '../servers/database-servers.js';
import { listServers } from '../servers/list-servers.js';
import { lookAtServer, type RegisteredServer, type ServerSight } from './look-at-server.js';
import { type FleetReading, readFleet } from './read-fleet.js';

/** Whoever asks again within this time gets the same answer: it costs a connection to every server. */
const BELIEVED_FOR_MS = 10_000;

/** How the fleet does: what central knows, and what its servers say of themselves. */
export interface FleetSight extends FleetReading {
  readonly readAt: Date;
  readonly servers: readonly ServerSight[];
}

/** Sees the whole fleet without opening a tenant database. Remembered for some seconds, and looked at by one at a time. */
@Injectable()
export class FleetOverview {
  private seen: { sight: Promise<FleetSight>; at: number } | null = null;

  constructor(
    private readonly central: CentralDatabase,
    private readonly keys: KeyRing,
  ) {}

  /** @throws when central cannot be read; a server that cannot be is a finding */
  look(): Promise<FleetSight> {
    const now = performance.now();
    if (this.seen && now - this.seen.at < BELIEVED_FOR_MS) return this.seen.sight;
    const sight = this.read();
    this.seen = { sight, at: now };
    // A failure is not worth remembering.
    sight.catch(() => {
      if (this.seen?.sight === sight) this.seen = null;
    });
    return sight;
  }

  /** Lets the next look be a new one: for whoever has just changed something. */
  forget(): void {
    this.seen = null;
  }

  private async read(): Promise<FleetSight> {
    const [reading, servers] = await Promise.all([readFleet(this.central.pool), this.registeredServers()]);
    return { readAt: systemClock.now(), ...reading, servers: await Promise.all(servers.map(lookAtServer)) };
  }

  private async registeredServers(): Promise<RegisteredServer[]> {
    const [servers, listed] = await Promise.all([
      readServers(this.central.pool, this.keys),
      listServers(this.central.db),
    ]);
    const known = new Map(listed.map((server) => [server.id, server]));
    return servers.flatMap((server) => {
      const row = known.get(server.id);
      // One that was added between the two reads is seen next time.
      return row ? [{ server, region: row.region, databases: row.databases }] : [];
    });
  }
}
