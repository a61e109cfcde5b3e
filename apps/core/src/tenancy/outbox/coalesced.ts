interface Passes {
  running: Promise<void>;
  next: Promise<void> | null;
}

/**
 * Runs a pass over something that many ask for at once. Whoever asks waits for a pass that began after they asked;
 * all who ask while one is running share the next.
 */
export class Coalesced {
  private readonly passes = new Map<string, Passes>();

  run(key: string, pass: () => Promise<void>): Promise<void> {
    const known = this.passes.get(key);
    if (!known) return this.begin(key, pass);
    known.next ??= known.running.then(
      () => this.begin(key, pass),
      () => this.begin(key, pass),
    );
    return known.next;
  }

  private begin(key: string, pass: () => Promise<void>): Promise<void> {
    const passes: Passes = { running: Promise.resolve(), next: null };
    passes.running = pass().finally(() => {
      // When somebody waits for the next pass, that one replaces this entry as it begins.
      if (!passes.next) this.passes.delete(key);
    });
    this.passes.set(key, passes);
    return passes.running;
  }
}
