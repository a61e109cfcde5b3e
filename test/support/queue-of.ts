import type { QueueName } from '@nova/core/platform/queues/catalogue.js';
import { Queues } from '@nova/core/platform/queues/queues.js';
import type { Queue } from 'bullmq';

import type { Nova } from './nova.js';

/** A queue of a platform under test. */
export async function queueOf({ app }: Pick<Nova, 'app'>, name: QueueName): Promise<Queue> {
  return (await app.get(Queues, { strict: false }).open()).of(name);
}
