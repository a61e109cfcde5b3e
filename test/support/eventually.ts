/**
 * Waits until `check` stops throwing; after `withinMs` its last failure is the test's. The limit is for what never comes, and
 * as long as a busy machine may take: a test whose matter is how soon something comes gives its own.
 */
export async function eventually<T>(
  check: () => Promise<T>,
  { withinMs = 30_000 }: { withinMs?: number } = {},
): Promise<T> {
  const deadline = performance.now() + withinMs;
  for (;;) {
    try {
      return await check();
    } catch (error) {
      if (performance.now() > deadline) throw error;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }
}
