/** What ran out: connections of this process, or those that it may hold to one server. */
export type Bound = 'process' | 'server';

/** Connections that one pool may use, to a server whose own limit (null: none) they count against as well. */
export interface Share {
  readonly serverId: string;
  readonly serverLimit: number | null;
  readonly count: number;
}

/** How many connections the pools of this process may hold: all together, and to each server. */
export class ConnectionBudgets {
  private held = 0;
  private readonly heldByServer = new Map<string, number>();
  private waiting: (() => void)[] = [];

  constructor(readonly limit: number) {}

  get used(): number {
    return this.held;
  }

  /** Connections held to one server. */
  usedOf(serverId: string): number {
    return this.heldByServer.get(serverId) ?? 0;
  }

  /** Takes a pool's connections out of both budgets, and answers null; or which of them has no room. */
  take({ serverId, serverLimit, count }: Share): Bound | null {
    if (serverLimit !== null && this.usedOf(serverId) + count > serverLimit) return 'server';
    if (this.held + count > this.limit) return 'process';
    this.held += count;
    this.heldByServer.set(serverId, this.usedOf(serverId) + count);
    return null;
  }

  give({ serverId, count }: Share): void {
    this.held -= count;
    this.heldByServer.set(serverId, this.usedOf(serverId) - count);
    const woken = this.waiting;
    this.waiting = [];
    for (const wake of woken) wake();
  }

  /** Resolves when connections were next given back. */
  nextGiven(): Promise<void> {
    return new Promise((resolve) => this.waiting.push(resolve));
  }
}
