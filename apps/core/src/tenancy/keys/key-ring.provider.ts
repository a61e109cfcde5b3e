import type { FactoryProvider } from '@nestjs/common';
import type { Logger } from 'pino';

import { CONFIG } from '../../platform/config/config.module.js';
import type { Config } from '../../platform/config/config.schema.js';
import { HASH_KEY } from '../../platform/crypto/hash-key.js';
import { LOGGER } from '../../platform/log/log.module.js';
import { CentralDatabase } from '../central/central-database.js';
import { ChangeListener } from '../central/changes.js';
import { KeyRing, openKeyRing } from './key-ring.js';

/** Opened before anything that needs it is made, so that a process without the right master key does not start. */
export const KEY_RING_PROVIDER: FactoryProvider<Promise<KeyRing>> = {
  provide: KeyRing,
  inject: [CentralDatabase, CONFIG, LOGGER, ChangeListener],
  useFactory: async (central: CentralDatabase, config: Config, log: Logger, changes: ChangeListener) => {
    // Secrets are sealed and opened within transactions too, and the keys read anew for that.
    const ring = await openKeyRing(central.aside, config).catch(async (error: unknown) => {
      await central.close();
      throw error;
    });
    const refresh = () => {
      // A ring that could not be read again keeps the keys it has, and reads anew when it meets one it does not know.
      ring
        .refresh()
        .catch((err: unknown) => log.error({ err }, 'The keys that were rotated could not be read.'));
    };
    changes.onChange((change) => {
      if (change.kind === 'keys') refresh();
    });
    changes.onGap(refresh);
    return ring;
  },
};

export const HASH_KEY_PROVIDER: FactoryProvider<Buffer> = {
  provide: HASH_KEY,
  inject: [KeyRing],
  useFactory: (ring: KeyRing) => ring.hashKey(),
};
