import type { BalanceEntry } from '@nova/prisma-tenant';

import type { NewEvent } from '../events/record-event.js';
import { toBalanceEntryWire } from './balance-wire.js';

/** The event of a movement of a customer's balance: what somebody did by hand is told apart from what documents did. */
export function balanceEvent(entry: BalanceEntry): NewEvent {
  return {
    type: entry.kind === 'adjustment' ? 'balance.adjusted' : 'balance.changed',
    objectType: 'customer',
    objectId: entry.customerId,
    data: { object: toBalanceEntryWire(entry) },
  };
}
