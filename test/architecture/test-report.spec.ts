import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { TestTotals } from '../../scripts/test-report.mjs';

const ROOT = '/clone';
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'nova-report-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const passed = { status: 'passed', ancestorTitles: ['money'], title: 'adds', failureMessages: [] };
const failed = {
  status: 'failed',
  ancestorTitles: ['money', 'rounded'],
  title: 'is exact',
  failureMessages: ['\u001b[31mexpected 1\u001b[39m\n\nto be 2\n    at one\n    at two'],
};

/** Writes a report as vitest does, of one file. */
async function report(file: { status: string; message?: string; assertionResults: object[] }) {
  const place = path.join(folder, 'report.json');
  const numPassedTests = file.assertionResults.filter((test) => test === passed).length;
  const testResults = [{ message: '', ...file, name: `${ROOT}/test/money.spec.ts` }];
  await writeFile(
    place,
    JSON.stringify({ numPassedTests, numPendingTests: 1, numTodoTests: 0, testResults }),
  );
  return { report: place, root: ROOT };
}

describe('the end of what `npm test` prints', () => {
  it('has the figures of all runs, and nothing of failures when there are none', async () => {
    const totals = new TestTotals();
    const run = await report({ status: 'passed', assertionResults: [passed] });
    totals.add({ ...run, pass: 'first run', code: 0 });
    totals.add({ ...run, pass: 'second run', code: 0 });
    expect(totals.summary()).toBe('2 passed, 0 failed, 2 skipped');
    expect(totals.describeFailures()).toBe('');
  });

  it('names each failed test with its file, its run and the beginning of its message', async () => {
    const totals = new TestTotals();
    const run = await report({ status: 'failed', assertionResults: [passed, failed] });
    totals.add({ ...run, pass: 'second run', code: 1 });
    expect(totals.summary()).toBe('1 passed, 1 failed, 1 skipped');
    expect(totals.describeFailures().split('\n')).toEqual([
      'What failed:',
      '✖ money › rounded › is exact',
      '    (test/money.spec.ts, second run)',
      '    expected 1',
      '    to be 2',
      '        at one',
    ]);
  });

  it('counts a file that does not load, or whose set-up fails, as one failure', async () => {
    const totals = new TestTotals();
    const pending = { ...passed, status: 'pending' };
    const run = await report({
      status: 'failed',
      message: 'No such table.',
      assertionResults: [passed, pending],
    });
    totals.add({ ...run, pass: 'first run', code: 1 });
    expect(totals.failed).toBe(1);
    expect(totals.describeFailures()).toContain('the file as a whole');
    expect(totals.describeFailures()).toContain('No such table.');
  });

  it('counts a run as failed that says so without a failed test, or leaves no report', async () => {
    const totals = new TestTotals();
    const run = await report({ status: 'passed', assertionResults: [passed] });
    totals.add({ ...run, pass: 'first run', code: 1 });
    totals.add({ report: path.join(folder, 'none.json'), root: ROOT, pass: 'second run', code: 137 });
    totals.addFailure('npm test', new Error('The disk is full.'));
    expect(totals.summary()).toBe('1 passed, 3 failed, 1 skipped');
    expect(totals.describeFailures()).toContain('The disk is full.');
  });
});
