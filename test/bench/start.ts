import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { Api, expectStatus } from '../support/api.js';
import { REPOSITORY } from '../support/source-files.js';
import { freePort } from './platform.js';
import { median, report } from './report.js';

const WARM_STARTS = 5;
const IDLE_SECONDS = 20;

interface Ready {
  url: string;
}

/** `npm start`: seconds to its ready screen, first and again, and its memory when idle with three tenants. */
async function main(): Promise<void> {
  const dataDir = await mkdtemp(path.join(tmpdir(), 'nova-start-'));
  const port = String(await freePort());
  const first = await start(dataDir, port);
  for (const name of ['Second', 'Third']) await register(first.ready.url, name);
  await first.stop();

  const warm: number[] = [];
  for (let run = 1; run < WARM_STARTS; run++) {
    const again = await start(dataDir, port);
    warm.push(again.seconds);
    await again.stop();
  }
  const last = await start(dataDir, port);
  warm.push(last.seconds);
  await new Promise((resolve) => setTimeout(resolve, IDLE_SECONDS * 1_000));
  const memory = await memoryOf(last.pid);
  await last.stop();
  await rm(dataDir, { recursive: true, force: true });

  await report(
    'start',
    `Dependencies installed and built; idle for ${IDLE_SECONDS} s; ${memory.processes} processes.`,
    [
      {
        what: 'first start on an empty data folder',
        value: `${first.seconds.toFixed(1)} s`,
        baseline: '–',
        ratio: '–',
        aim: '–',
      },
      {
        what: 'warm start, median of five',
        value: `${median(warm).toFixed(1)} s`,
        baseline: `${first.seconds.toFixed(1)} s, first start`,
        ratio: (median(warm) / first.seconds).toFixed(2),
        aim: '≤ 6 s',
      },
      {
        what: 'RSS idle with 3 tenants, node and PostgreSQL (PostgreSQL’s shared pages counted once)',
        value: `${Math.round(memory.pssMb)} MB`,
        baseline: `${Math.round(memory.rssMb)} MB, plain sum of RSS`,
        ratio: (memory.pssMb / memory.rssMb).toFixed(2),
        aim: '≤ 450 MB',
      },
    ],
  );
}

async function start(dataDir: string, port: string) {
  const begun = performance.now();
  const child = spawn('npm', ['start'], {
    cwd: REPOSITORY,
    env: { ...process.env, NOVA_DATA_DIR: dataDir, PORT: port },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const exited = once(child, 'exit');
  const file = path.join(dataDir, 'ready.json');
  for (;;) {
    const text = await readFile(file, 'utf8').catch(() => '');
    if (text) {
      const ready = JSON.parse(text) as Ready;
      return {
        ready,
        pid: child.pid ?? 0,
        seconds: (performance.now() - begun) / 1_000,
        stop: async () => {
          child.kill('SIGTERM');
          await exited;
        },
      };
    }
    if (child.exitCode !== null) throw new Error('npm start ended before it was ready.');
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}

async function register(url: string, name: string): Promise<void> {
  const input = {
    email: `${name.toLowerCase()}@nova.example`,
    password: 'a long enough password',
    name,
    company: name,
  };
  expectStatus(await new Api(url, null).post('/auth/register', input), 201);
}

/** The whole process tree below `npm start`, npm's own process included. */
async function memoryOf(root: number): Promise<{ rssMb: number; pssMb: number; processes: number }> {
  const table = execFileSync('ps', ['-eo', 'pid=,ppid=,rss='], { encoding: 'utf8' })
    .trim()
    .split('\n')
    .map((line) => line.trim().split(/\s+/).map(Number) as [number, number, number]);
  const tree = new Set([root]);
  for (let grown = true; grown;) {
    const before = tree.size;
    for (const [pid, parent] of table) if (tree.has(parent)) tree.add(pid);
    grown = tree.size > before;
  }
  const rss = table.filter(([pid]) => tree.has(pid)).reduce((sum, [, , kilobytes]) => sum + kilobytes, 0);
  const pss = await Promise.all([...tree].map(proportionalKilobytes));
  return { rssMb: rss / 1_024, pssMb: pss.reduce((sum, kb) => sum + kb, 0) / 1_024, processes: tree.size };
}

async function proportionalKilobytes(pid: number): Promise<number> {
  const text = await readFile(`/proc/${pid}/smaps_rollup`, 'utf8').catch(() => '');
  return Number(/^Pss:\s+(\d+)/m.exec(text)?.[1] ?? 0);
}

await main();
