import { describe, expect, it } from 'vitest';

import { ConnectionBudgets } from './connection-budgets.js';

const share = (count: number, serverId = 'srv_1', serverLimit: number | null = null) => ({
  serverId,
  serverLimit,
  count,
});

describe('connection budgets', () => {
  it('give no more than the process has, and wake who waits', async () => {
    const budgets = new ConnectionBudgets(3);
    expect([budgets.take(share(2)), budgets.take(share(2)), budgets.take(share(1))]).toEqual([
      null,
      'process',
      null,
    ]);
    const waiting = budgets.nextGiven();
    budgets.give(share(2));
    await waiting;
    expect(budgets.used).toBe(1);
  });

  it('bound each server by itself, and by the limit that it has now', () => {
    const budgets = new ConnectionBudgets(10);
    expect(budgets.take(share(3, 'srv_1', 4))).toBeNull();
    expect(budgets.take(share(3, 'srv_1', 4))).toBe('server');
    expect(budgets.take(share(3, 'srv_2', 4))).toBeNull();
    expect(budgets.take(share(3, 'srv_1', 6))).toBeNull();
    expect([budgets.used, budgets.usedOf('srv_1'), budgets.usedOf('srv_2')]).toEqual([9, 6, 3]);
    budgets.give(share(3, 'srv_1'));
    expect(budgets.usedOf('srv_1')).toBe(3);
  });
});
