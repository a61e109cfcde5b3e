// What Stryker says of the mutants of a folder, and infra/mutation.md, which keeps it.

const HEAD = ['folder', 'date', 'mutants', 'killed', 'survived', 'no coverage', 'score'];
const RULE = ['---', '---', '---:', '---:', '---:', '---:', '---:'];
const TOTAL = '**all**';

/**
 * Counts the mutants of a report. A mutant of what is worked out when a file is loaded may be one that no spec file loads
 * with: then not all tests run, none of them fails, and Stryker says that it survived. It is counted as killed here. Those
 * that do not compile are not counted.
 */
export function scoreOf(report) {
  const tests = Object.values(report.testFiles ?? {}).flatMap((file) => file.tests).length;
  const score = { killed: 0, survived: 0, uncovered: 0 };
  for (const mutant of Object.values(report.files).flatMap((file) => file.mutants)) {
    const stopped = mutant.static && (mutant.testsCompleted ?? 0) < tests;
    if (mutant.status === 'Killed' || mutant.status === 'Timeout') score.killed += 1;
    else if (mutant.status === 'Survived') score[stopped ? 'killed' : 'survived'] += 1;
    else if (mutant.status === 'NoCoverage') score.uncovered += 1;
  }
  return score;
}

/** A line of the table. */
export function rowOf(folder, date, { killed, survived, uncovered }) {
  const mutants = killed + survived + uncovered;
  const share = mutants === 0 ? '–' : `${((100 * killed) / mutants).toFixed(1)} %`;
  return line([folder, date, mutants, killed, survived, uncovered, share]);
}

/** The text with the rows of folders put in, by their names, and the last row added up anew. */
export function withRows(text, rows) {
  const lines = text.split('\n');
  const first = lines.indexOf(line(HEAD));
  const before = first < 0 ? [text.trimEnd(), ''] : lines.slice(0, first);
  const kept = first < 0 ? [] : lines.slice(first + 2).filter((one) => one.startsWith('|'));
  const after = first < 0 ? [''] : lines.slice(first).filter((one) => !one.startsWith('|'));
  const byFolder = new Map([...kept, ...rows].map((row) => [cellsOf(row)[0], row]));
  byFolder.delete(TOTAL);
  const all = [...byFolder].sort(([a], [b]) => a.localeCompare(b)).map(([, row]) => row);
  return [...before, line(HEAD), line(RULE), ...all, totalOf(all), ...after].join('\n');
}

function totalOf(rows) {
  const cells = rows.map(cellsOf);
  const sum = (column) => cells.reduce((total, row) => total + Number(row[column]), 0);
  return rowOf(TOTAL, '', { killed: sum(3), survived: sum(4), uncovered: sum(5) });
}

function cellsOf(row) {
  return row
    .split('|')
    .slice(1, -1)
    .map((cell) => cell.trim());
}

function line(cells) {
  return `| ${cells.join(' | ')} |`;
}
