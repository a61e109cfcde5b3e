import { createHash } from 'node:crypto';

/**
 * Numbers and names that a provider gives. The same seed gives the same ones; without a seed they differ from those of
 * every other run, since a database may have kept the ones of before.
 */
export class Ids {
  private count = 0;
  private readonly base: number;

  constructor(private readonly seed = String(Date.now())) {
    this.base = 1_000_000 + (Number.parseInt(this.hash('base').slice(0, 7), 16) % 3_000_000);
  }

  /** A whole number, rising. */
  number(): number {
    return this.base * 1_000 + ++this.count;
  }

  /** Letters and digits, so many of them. */
  text(length: number): string {
    return BigInt(`0x${this.hash(String(++this.count))}`)
      .toString(36)
      .padStart(length, '0')
      .slice(-length);
  }

  private hash(text: string): string {
    return createHash('sha256').update(`${this.seed} ${text}`).digest('hex');
  }
}
