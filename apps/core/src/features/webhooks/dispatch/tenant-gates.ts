import { bulkhead } from 'cockatiel';

/** Fewer than a tenant's connections may be: its requests are not to wait for its webhooks. */
const AT_ONCE = 2;

interface Gate {
  readonly pass: <T>(work: () => Promise<T>) => Promise<T>;
  users: number;
}

/** Lets few lanes of a tenant at its database at once: the others wait here, where waiting costs nothing. */
export class TenantGates {
  private readonly gates = new Map<string, Gate>();

  async through<T>(databaseId: string, work: () => Promise<T>): Promise<T> {
    const gate = this.gates.get(databaseId) ?? newGate();
    this.gates.set(databaseId, gate);
    gate.users += 1;
    try {
      return await gate.pass(work);
    } finally {
      gate.users -= 1;
      if (gate.users === 0) this.gates.delete(databaseId);
    }
  }
}

function newGate(): Gate {
  const policy = bulkhead(AT_ONCE, Number.MAX_SAFE_INTEGER);
  return { pass: (work) => policy.execute(() => work()), users: 0 };
}
