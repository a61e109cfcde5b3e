/** Runs a task now and then, one run at a time. A run that fails is told of and does not end the series. */
export class Repeater {
  private timer: NodeJS.Timeout | null = null;
  private running: Promise<void> | null = null;
  private wanted = false;
  private stopped = true;

  constructor(
    private readonly task: () => Promise<void>,
    private readonly intervalMs: number,
    private readonly onError: (error: unknown) => void,
  ) {}

  start(): void {
    this.stopped = false;
    this.schedule();
  }

  /** Asks for a run at once, or right after the one under way. */
  runSoon(): void {
    if (this.stopped) return;
    if (this.running) {
      this.wanted = true;
      return;
    }
    if (this.timer) clearTimeout(this.timer);
    this.timer = null;
    this.running = this.runOnce();
  }

  /** Ends the series, when the run under way has ended. */
  async stop(): Promise<void> {
    this.stopped = true;
    if (this.timer) clearTimeout(this.timer);
    this.timer = null;
    await this.running;
  }

  private schedule(): void {
    this.timer = setTimeout(() => this.runSoon(), this.intervalMs).unref();
  }

  private async runOnce(): Promise<void> {
    try {
      await this.task();
    } catch (error) {
      this.onError(error);
    }
    this.running = null;
    if (this.stopped) return;
    if (this.wanted) {
      this.wanted = false;
      this.runSoon();
    } else {
      this.schedule();
    }
  }
}
