/** Requests that went on while something was done, and how those ended that should not have. */
export interface BusyResult {
  requests: number;
  failures: string[];
}

/**
 * Asks without a break, each of `requests` in a line of its own, until `work` has ended. A request says what went wrong by
 * throwing.
 */
export async function whileBusy(
  requests: readonly (() => Promise<unknown>)[],
  work: () => Promise<unknown>,
): Promise<BusyResult> {
  const result: BusyResult = { requests: 0, failures: [] };
  let ended = false;
  const lines = requests.map(async (request) => {
    do {
      result.requests += 1;
      await request().catch((error: unknown) => result.failures.push(String(error)));
    } while (!ended);
  });
  try {
    await work();
  } finally {
    ended = true;
    await Promise.all(lines);
  }
  return result;
}
