import { Prisma, type SubscriptionItem } from '@nova/prisma-tenant';

import { newId } from '../../../platform/ids/new-id.js';
import type { Billable } from '../../billing/billable.js';
import type { Target, TargetItem } from './resolve-target.js';

/**
 * The rows of a subscription after a change at a moment: what stays as it is keeps its row, all else ends then and
 * begins as another row, so that each is billed for its own time. `at` is null before the subscription has started.
 */
export function changedRows(
  { items, subscription }: Billable,
  target: Target,
  at: Date | null,
): SubscriptionItem[] {
  const kept = new Set(target.items.flatMap(({ row, ...item }) => (row && isSame(row, item) ? row.id : [])));
  const endedAt = at ?? subscription.startedAt;
  const present = items.map(({ row }) =>
    row.endedAt !== null || kept.has(row.id) ? row : { ...row, endedAt },
  );
  let position = Math.max(0, ...items.map(({ row }) => row.position));
  const added = target.items
    .filter(({ row }) => row === null || !kept.has(row.id))
    .map((item): SubscriptionItem => ({
      id: newId('si'),
      subscriptionId: subscription.id,
      priceId: item.price.id,
      quantity: new Prisma.Decimal(item.quantity.toFixed()),
      position: item.row?.position ?? ++position,
      termsOverride: item.terms as SubscriptionItem['termsOverride'],
      startedAt: at,
      endedAt: null,
    }));
  return [...present, ...added].toSorted((a, b) => a.position - b.position);
}

function isSame(row: SubscriptionItem, item: Pick<TargetItem, 'quantity' | 'terms'>): boolean {
  return (
    item.quantity.eq(row.quantity.toFixed()) &&
    JSON.stringify(sorted(item.terms)) === JSON.stringify(sorted(row.termsOverride))
  );
}

/** JSON columns come back with their keys in another order. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(
    Object.entries(value)
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, part]) => [key, sorted(part)]),
  );
}
