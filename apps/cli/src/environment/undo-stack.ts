import { setTimeout as sleep } from 'node:timers/promises';

const UNDO_LIMIT_MS = 30_000;

/** What has to be undone at the end, last in first out, also when the start fails in the middle. */
export class UndoStack {
  private readonly steps: { title: string; undo: () => Promise<void> }[] = [];

  constructor(private readonly warn: (line: string) => void) {}

  add(title: string, undo: () => Promise<void>): void {
    this.steps.push({ title, undo });
  }

  get isEmpty(): boolean {
    return this.steps.length === 0;
  }

  /** Undoes everything. A step that fails, or takes too long, does not keep the others from being undone. */
  async run(): Promise<void> {
    for (let step = this.steps.pop(); step; step = this.steps.pop()) {
      const { title, undo } = step;
      const timeout = new AbortController();
      const tooLong = sleep(UNDO_LIMIT_MS, undefined, { signal: timeout.signal }).then(
        () => this.warn(`${title}: gave up waiting`),
        () => undefined,
      );
      try {
        await Promise.race([undo(), tooLong]);
      } catch (error) {
        this.warn(`${title}: ${error instanceof Error ? error.message : String(error)}`);
      } finally {
        timeout.abort();
      }
    }
  }
}
