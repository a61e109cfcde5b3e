/** How many pieces of work are done at once, and until when new ones are begun. */
export interface Places {
  readonly count: number;
  /** After this long a piece of work lends its place to another one; as many places are lent as there are. */
  readonly lendAfterMs: number;
  readonly mayBegin: () => boolean;
}

/**
 * Does `work` for every item, several at once: whoever is done takes the next one, and one that hangs holds nobody up.
 * Resolves when nothing is under way any more. `work` deals with its own failures; one that it throws ends all of it.
 */
export function stealWork<T>(
  items: Iterable<T>,
  { count, lendAfterMs, mayBegin }: Places,
  work: (item: T) => Promise<void>,
): Promise<void> {
  const waiting = items[Symbol.iterator]();
  let underWay = 0;
  let lent = 0;
  let broken = false;
  return new Promise((resolve, reject) => {
    const begin = (item: T) => {
      underWay += 1;
      let isLent = false;
      const timer = setTimeout(() => {
        if (lent >= count) return;
        isLent = true;
        lent += 1;
        fill();
      }, lendAfterMs);
      work(item)
        .catch((error: unknown) => {
          broken = true;
          reject(error instanceof Error ? error : new Error(String(error)));
        })
        .finally(() => {
          clearTimeout(timer);
          if (isLent) lent -= 1;
          underWay -= 1;
          fill();
        });
    };
    const fill = () => {
      while (!broken && underWay - lent < count && mayBegin()) {
        const next = waiting.next();
        if (next.done) break;
        begin(next.value);
      }
      if (underWay === 0) resolve();
    };
    fill();
  });
}
