const PRUNE_AT = 1_000;

/**
 * Lets one line of a kind through in a while, and counts the rest: where a thousand tenants meet the same trouble, the log
 * says so once and how often.
 */
export class Seldom {
  private readonly kinds = new Map<string, { until: number; suppressed: number }>();

  constructor(private readonly intervalMs: number) {}

  /** Calls `say` with how many lines of this kind were kept back since the last one, unless it was a moment ago. */
  say(kind: string, say: (suppressed: number) => void): void {
    const now = performance.now();
    const known = this.kinds.get(kind);
    if (known && now < known.until) {
      known.suppressed++;
      return;
    }
    if (this.kinds.size >= PRUNE_AT) this.prune(now);
    this.kinds.set(kind, { until: now + this.intervalMs, suppressed: 0 });
    say(known?.suppressed ?? 0);
  }

  private prune(now: number): void {
    for (const [kind, { until }] of this.kinds) if (until <= now) this.kinds.delete(kind);
  }
}
