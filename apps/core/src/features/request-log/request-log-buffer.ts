/** The database that rows are for. */
export interface LogTarget {
  readonly tenantId: string;
  readonly databaseId: string;
}

/** Writes rows, and deals with its own failures. */
export type WriteRows<Row> = (target: LogTarget, rows: readonly Row[]) => Promise<void>;

interface Pending<Row> {
  readonly target: LogTarget;
  rows: Row[];
  writing: Promise<void> | null;
}

export interface BufferLimits {
  /** As soon as so many wait they are written. */
  batch: number;
  perDatabase: number;
  total: number;
}

/**
 * Rows that wait to be written, by database. One that cannot be written holds only its own rows up; what does not fit is
 * given up, for memory is worth more.
 */
export class RequestLogBuffer<Row> {
  private readonly pending = new Map<string, Pending<Row>>();
  private waiting = 0;

  constructor(
    private readonly write: WriteRows<Row>,
    private readonly limits: BufferLimits,
  ) {}

  /** False when there is no room. */
  add(target: LogTarget, row: Row): boolean {
    const { batch, perDatabase, total } = this.limits;
    let pending = this.pending.get(target.databaseId);
    if (this.waiting >= total || (pending && pending.rows.length >= perDatabase)) return false;
    if (!pending) {
      pending = { target, rows: [], writing: null };
      this.pending.set(target.databaseId, pending);
    }
    pending.rows.push(row);
    this.waiting++;
    if (pending.rows.length >= batch) this.begin(pending);
    return true;
  }

  /** Begins to write all that waits, wherever nothing is being written already. */
  flush(): void {
    for (const pending of this.pending.values()) this.begin(pending);
  }

  /** Writes all that waits, what is added meanwhile too. */
  async drain(): Promise<void> {
    while (this.pending.size > 0) {
      this.flush();
      await Promise.all([...this.pending.values()].flatMap(({ writing }) => writing ?? []));
    }
  }

  private begin(pending: Pending<Row>): void {
    if (pending.writing) return;
    const { rows, target } = pending;
    pending.rows = [];
    this.waiting -= rows.length;
    pending.writing = this.write(target, rows).finally(() => {
      pending.writing = null;
      if (pending.rows.length === 0) this.pending.delete(target.databaseId);
      else if (pending.rows.length >= this.limits.batch) this.begin(pending);
    });
  }
}
