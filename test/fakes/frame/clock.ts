/** Where a fake's clock begins, and how much faster than ours it goes: 1 000 makes three minutes 180 ms. */
export interface ClockOptions {
  now?: Date;
  /** 0 stands still until it is advanced. */
  speed?: number;
}

interface Timer {
  due: number;
  order: number;
  job: () => void | Promise<void>;
}

/** A provider's time: it can go faster, be advanced and be set, and what is planned on it falls due in order. */
export class FakeClock {
  private readonly speed: number;
  private realStart = performance.now();
  private start: number;
  private timers: Timer[] = [];
  private planned = 0;
  private waking: NodeJS.Timeout | undefined;

  constructor({ now = new Date(), speed = 1 }: ClockOptions = {}) {
    this.start = now.getTime();
    this.speed = speed;
  }

  /** Milliseconds since 1970. */
  now(): number {
    return Math.floor(this.start + (performance.now() - this.realStart) * this.speed);
  }

  date(): Date {
    return new Date(this.now());
  }

  /** Does the job when so much of the provider's time has passed. */
  after(ms: number, job: () => void | Promise<void>): void {
    this.timers.push({ due: this.now() + ms, order: this.planned++, job });
    this.timers.sort((a, b) => a.due - b.due || a.order - b.order);
    this.wake();
  }

  /** Moves on and does what falls due, each at its own moment. */
  async advance(ms: number): Promise<void> {
    const target = this.now() + ms;
    for (let next = this.takeDue(target); next; next = this.takeDue(target)) {
      if (next.due > this.now()) this.set(new Date(next.due));
      await next.job();
    }
    if (target > this.now()) this.set(new Date(target));
  }

  /** Sets the time, to before as well, and does nothing of what was planned. */
  set(now: Date): void {
    this.start = now.getTime();
    this.realStart = performance.now();
    this.wake();
  }

  /** Forgets what is planned. */
  clear(): void {
    this.timers = [];
    clearTimeout(this.waking);
  }

  private takeDue(until: number): Timer | undefined {
    const [next] = this.timers;
    return next && next.due <= until ? this.timers.shift() : undefined;
  }

  private wake(): void {
    clearTimeout(this.waking);
    const [next] = this.timers;
    if (!next || this.speed === 0) return;
    const wait = Math.max(0, (next.due - this.now()) / this.speed);
    // A timer of Node holds 31 bits; what is later is looked at again then.
    this.waking = setTimeout(() => void this.advance(0).finally(() => this.wake()), Math.min(wait, 2 ** 30));
    this.waking.unref();
  }
}
