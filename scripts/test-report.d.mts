/** The figures of several runs of vitest, and each test that failed in one of them. */
export class TestTotals {
  failed: number;
  add(run: { report: string; root: string; pass: string; code: number }): void;
  addFailure(pass: string, error: unknown): void;
  summary(): string;
  describeFailures(): string;
}
