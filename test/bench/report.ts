import { readFile, writeFile } from 'node:fs/promises';
import { cpus, totalmem } from 'node:os';
import path from 'node:path';

import { REPOSITORY } from '../support/source-files.js';

/** One measured figure beside its baseline, both from the same run. */
export interface Figure {
  what: string;
  value: string;
  baseline: string;
  ratio: string;
  aim: string;
}

const FILE = path.join(REPOSITORY, 'infra/benchmarks.md');

export function median(values: readonly number[]): number {
  return percentile(values, 0.5);
}

/** The value that `share` of the values do not exceed. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((x, y) => x - y);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

/** Prints the figures, and with `--record` puts them in place of this benchmark's section of infra/benchmarks.md. */
export async function report(name: string, note: string, figures: readonly Figure[]): Promise<void> {
  const rows = figures.map((f) => `| ${f.what} | ${f.value} | ${f.baseline} | ${f.ratio} | ${f.aim} |`);
  const machine = `${cpus().length} × ${cpus()[0]?.model ?? 'unknown CPU'}, ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.version}`;
  const section = [
    `## ${name}`,
    '',
    `${new Date().toISOString().slice(0, 10)}, ${machine}. ${note}`,
    '',
    '| what | measured | baseline, same run | ratio | aim |',
    '| --- | --- | --- | --- | --- |',
    ...rows,
    '',
  ].join('\n');
  console.log(`\n${section}`);
  if (process.argv.includes('--record')) await record(name, section);
}

async function record(name: string, section: string): Promise<void> {
  const text = await readFile(FILE, 'utf8');
  const sections = text.split(/\n(?=## )/);
  const kept = sections.filter((existing) => !existing.startsWith(`## ${name}\n`)).map((s) => s.trimEnd());
  await writeFile(FILE, `${[...kept, section.trimEnd()].join('\n\n')}\n`);
  console.log(`Recorded in infra/benchmarks.md.`);
}
