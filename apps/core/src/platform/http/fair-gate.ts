/** Given back by whoever had a turn; more than once does nothing. */
export type EndTurn = () => void;

interface GateOptions {
  /** How many are worked on at once, whoever's they are. */
  atOnce: number;
  /** After this long a turn ends by itself: what takes so long waits for somebody else, and costs us nothing meanwhile. */
  turnMs: number;
}

/**
 * Lets requests in a few at a time, the parties in turn. All share one thread: however many requests one party sends,
 * another's next one waits for the few that are being worked on, and not for all that came before it.
 */
export class FairGate {
  private running = 0;
  /** Those who wait, by party. The party that is first has its turn next, and goes to the end. */
  private readonly waiting = new Map<string, (() => void)[]>();

  constructor(private readonly options: GateOptions) {}

  /** Resolves when it is this party's turn. */
  async enter(party: string): Promise<EndTurn> {
    if (this.running < this.options.atOnce) this.running++;
    else await this.queueUp(party);
    return this.turn();
  }

  private queueUp(party: string): Promise<void> {
    return new Promise((resolve) => {
      const queue = this.waiting.get(party);
      if (queue) queue.push(resolve);
      else this.waiting.set(party, [resolve]);
    });
  }

  private turn(): EndTurn {
    let ended = false;
    const end = () => {
      if (ended) return;
      ended = true;
      clearTimeout(timer);
      this.next();
    };
    const timer = setTimeout(end, this.options.turnMs).unref();
    return end;
  }

  /** Hands the turn that has ended to the next who waits, if anybody does. */
  private next(): void {
    const [first] = this.waiting;
    if (!first) {
      this.running--;
      return;
    }
    const [party, queue] = first;
    const wake = queue.shift();
    this.waiting.delete(party);
    if (queue.length > 0) this.waiting.set(party, queue);
    wake?.();
  }
}
