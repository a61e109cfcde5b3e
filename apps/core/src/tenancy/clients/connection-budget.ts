/** How many connections the pools of this process may hold, all together. */
export class ConnectionBudget {
  private held = 0;
  private waiting: (() => void)[] = [];

  constructor(readonly limit: number) {}

  get used(): number {
    return this.held;
  }

  /** Takes `count` connections of the budget, if there is room. */
  take(count: number): boolean {
    if (this.held + count > this.limit) return false;
    this.held += count;
    return true;
  }

  give(count: number): void {
    this.held -= count;
    const woken = this.waiting;
    this.waiting = [];
    for (const wake of woken) wake();
  }

  /** Resolves when connections were next given back. */
  nextGiven(): Promise<void> {
    return new Promise((resolve) => this.waiting.push(resolve));
  }
}
