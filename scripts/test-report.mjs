// What vitest says of a run in its JSON report, added up over the runs of one `npm test`.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { stripVTControlCharacters } from 'node:util';

const LINES_OF_A_MESSAGE = 3;

/** The figures of several runs, and each test that failed in one of them. */
export class TestTotals {
  passed = 0;
  failed = 0;
  skipped = 0;
  failures = [];

  /**
   * Adds a run.
   * @param {{ report: string, root: string, pass: string, code: number }} run its report file, the folder that paths are
   *   told from, what the run is called, and vitest's exit code
   */
  add({ report, root, pass, code }) {
    const figures = readReport(report);
    const failures = figures ? failuresOf(figures, root) : [];
    // A run that failed without a failed test: a broken set-up, an error nobody caught, coverage under its limit.
    if (code !== 0 && failures.length === 0) failures.push(wholeRun(figures));
    this.passed += figures?.numPassedTests ?? 0;
    this.skipped += (figures?.numPendingTests ?? 0) + (figures?.numTodoTests ?? 0);
    this.failed += failures.length;
    this.failures.push(...failures.map((failure) => ({ ...failure, pass })));
  }

  /** Adds a failure that no report tells of. */
  addFailure(pass, error) {
    this.failed += 1;
    this.failures.push({
      pass,
      file: '',
      name: 'could not be run',
      message: String(error?.message ?? error),
    });
  }

  /** One line, the last that `npm test` prints; machines read it. */
  summary() {
    const parts = [`${this.passed} passed`, `${this.failed} failed`];
    if (this.skipped > 0) parts.push(`${this.skipped} skipped`);
    return parts.join(', ');
  }

  /** Every failure with the beginning of its message; empty when there is none. */
  describeFailures() {
    if (this.failures.length === 0) return '';
    const texts = this.failures.map(({ pass, file, name, message }) => {
      const place = [file, pass].filter(Boolean).join(', ');
      return [`✖ ${name}`, `    (${place})`, ...firstLines(message).map((line) => `    ${line}`)].join('\n');
    });
    return ['What failed:', ...texts].join('\n');
  }
}

function readReport(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return null;
  }
}

function failuresOf(figures, root) {
  return figures.testResults.flatMap(({ name, status, message, assertionResults }) => {
    const file = path.relative(root, name);
    const failed = assertionResults
      .filter((test) => test.status === 'failed')
      .map((test) => ({ file, name: fullName(test), message: test.failureMessages.join('\n') }));
    // The file does not load, or something around its tests failed.
    return status === 'failed' && failed.length === 0
      ? [{ file, name: 'the file as a whole', message }]
      : failed;
  });
}

function fullName({ ancestorTitles, title }) {
  return [...ancestorTitles, title].join(' › ');
}

function wholeRun(figures) {
  const message = figures
    ? 'No test failed, but vitest did: see above for what it says.'
    : 'There is no report: vitest was ended before its end.';
  return { file: '', name: 'the run as a whole', message };
}

function firstLines(message) {
  return stripVTControlCharacters(message ?? '')
    .split('\n')
    .filter((line) => line.trim() !== '')
    .slice(0, LINES_OF_A_MESSAGE);
}
