import type { Logger } from 'pino';

import type { Config } from '../../platform/config/config.schema.js';
import type { CentralDatabase, CentralTransaction } from '../central/central-database.js';
import type { KeyRing } from '../keys/key-ring.js';

/** What the verbs about database servers work with. */
export interface ServerDeps {
  readonly central: Pick<CentralDatabase, 'db' | 'pool'>;
  readonly config: Config;
  readonly keys: KeyRing;
  readonly log: Pick<Logger, 'info' | 'warn'>;
}

/** What of a server an operator decides and may read. Its administrator's URL is none of it. */
export interface ServerSettings {
  readonly state: string;
  readonly host: string;
  readonly port: number;
  readonly region: string;
  readonly weight: number;
  readonly capacity: number | null;
  readonly connectionBudget: number | null;
  readonly poolerHost: string | null;
  readonly poolerPort: number | null;
}

/** A change of one server. `before` is null for one that was added, `after` for one that was removed. */
export interface ServerChange {
  readonly kind: 'added' | 'updated' | 'drained' | 'removed';
  readonly serverId: string;
  readonly name: string;
  readonly before: ServerSettings | null;
  readonly after: ServerSettings | null;
}

/** Writes down who did it, in the same transaction. Not called when nothing has changed. */
export type ServerRecord = (tx: CentralTransaction, change: ServerChange) => Promise<void>;
