import { describe, expect, it } from 'vitest';

import { rowOf, scoreOf, withRows } from '../../scripts/mutation-score.mjs';

const mutant = (status: string, more: object = {}) => ({ status, ...more });

function report(...mutants: readonly object[]) {
  return {
    files: { 'tax.ts': { mutants } },
    testFiles: { 'tax.spec.ts': { tests: [{ id: '1' }, { id: '2' }] } },
  };
}

describe('the score of a folder', () => {
  it('counts a mutant that makes a test hang as killed, and one that does not compile not at all', () => {
    const given = ['Killed', 'Timeout', 'Survived', 'NoCoverage', 'CompileError', 'RuntimeError'];
    expect(scoreOf(report(...given.map((status) => mutant(status))))).toEqual({
      killed: 2,
      survived: 1,
      uncovered: 1,
    });
  });

  it('counts a mutant that no spec file loads with as killed', () => {
    const stopped = mutant('Survived', { static: true, testsCompleted: 0 });
    const unnoticed = mutant('Survived', { static: true, testsCompleted: 2 });
    const ofOneTest = mutant('Survived', { static: false, testsCompleted: 1 });
    expect(scoreOf(report(stopped, unnoticed, ofOneTest))).toMatchObject({ killed: 1, survived: 2 });
  });
});

describe('the table of scores', () => {
  const tax = rowOf('tax', '2026-11-21', { killed: 9, survived: 1, uncovered: 0 });
  const money = rowOf('money', '2026-11-20', { killed: 7, survived: 2, uncovered: 1 });

  it('has a row a folder, by name, and one for all of them', () => {
    expect(withRows('# Mutants\n', [tax, money]).split('\n').slice(4)).toEqual([
      '| money | 2026-11-20 | 10 | 7 | 2 | 1 | 70.0 % |',
      '| tax | 2026-11-21 | 10 | 9 | 1 | 0 | 90.0 % |',
      '| **all** |  | 20 | 16 | 3 | 1 | 80.0 % |',
      '',
    ]);
  });

  it('keeps the other rows and the text about it when a folder is measured again', () => {
    const text = `${withRows('# Mutants\n', [tax, money])}\nWhat survived.\n`;
    const again = withRows(text, [rowOf('tax', '2026-11-22', { killed: 10, survived: 0, uncovered: 0 })]);
    expect(again).toBe(
      text
        .replace(
          '| tax | 2026-11-21 | 10 | 9 | 1 | 0 | 90.0 % |',
          '| tax | 2026-11-22 | 10 | 10 | 0 | 0 | 100.0 % |',
        )
        .replace('| **all** |  | 20 | 16 | 3 | 1 | 80.0 % |', '| **all** |  | 20 | 17 | 2 | 1 | 85.0 % |'),
    );
  });
});
