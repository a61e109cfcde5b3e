/** Waits until `check` stops throwing; after `withinMs` its last failure is the test's. */
export async function eventually<T>(
  check: () => Promise<T>,
  { withinMs = 2_000 }: { withinMs?: number } = {},
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
