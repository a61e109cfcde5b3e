interface Bounds {
  /** How many pieces are worked on at once. */
  readonly atOnce: number;
  /** How many more may wait for their turn. */
  readonly waitingMax: number;
  /** What one piece more is refused with. */
  readonly refusal: () => Error;
}

/** Does expensive work a few pieces at a time, in order, and refuses what would have to wait too long. */
export class BoundedWork {
  private running = 0;
  private readonly waiting: (() => void)[] = [];

  constructor(private readonly bounds: Bounds) {}

  async run<T>(work: () => Promise<T>): Promise<T> {
    await this.turn();
    try {
      return await work();
    } finally {
      this.passOn();
    }
  }

  private async turn(): Promise<void> {
    if (this.running < this.bounds.atOnce) {
      this.running += 1;
      return;
    }
    if (this.waiting.length >= this.bounds.waitingMax) throw this.bounds.refusal();
    await new Promise<void>((resolve) => this.waiting.push(resolve));
  }

  /** Whoever has waited longest takes the place over; nobody who has just come gets it before him. */
  private passOn(): void {
    const next = this.waiting.shift();
    if (next) next();
    else this.running -= 1;
  }
}
