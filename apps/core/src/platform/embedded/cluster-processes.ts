import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readdir, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';

import type { Cluster } from './cluster.js';
import { StartupError } from './startup-error.js';

/**
 * The processes that run on this cluster, the server first. They are told by the cluster's name in their command
 * lines, and not by a number in a file: that number may have been given to another program meanwhile.
 */
export async function clusterProcesses(cluster: Cluster): Promise<number[]> {
  const commands = existsSync('/proc/self/cmdline') ? await commandsFromProc() : await commandsFromPs();
  const ours = commands.filter(({ command }) => isOf(cluster, command));
  return ours.sort((a, b) => Number(isServer(b.command)) - Number(isServer(a.command))).map(({ pid }) => pid);
}

interface ProcessCommand {
  pid: number;
  command: string;
}

const isServer = (command: string) => command.includes(' -D ');
const isOf = (cluster: Cluster, command: string) =>
  command.includes(`cluster_name=${cluster.name}`) || command.startsWith(`postgres: ${cluster.name}: `);

async function commandsFromProc(): Promise<ProcessCommand[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const commands = pids.map(async (pid) => {
    const line = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
    return { pid: Number(pid), command: line.replaceAll('\0', ' ') };
  });
  return Promise.all(commands);
}

async function commandsFromPs(): Promise<ProcessCommand[]> {
  const { stdout } = await promisify(execFile)('ps', ['-axww', '-o', 'pid=,command=']);
  return stdout.split('\n').map((line) => {
    const [, pid = '0', command = ''] = /^\s*(\d+) (.*)$/.exec(line) ?? [];
    return { pid: Number(pid), command };
  });
}

const ESCALATION = [
  { signal: 'SIGINT', waitMs: 10_000 },
  { signal: 'SIGQUIT', waitMs: 5_000 },
  { signal: 'SIGKILL', waitMs: 5_000 },
] as const;

/**
 * Ends what an earlier start left running on this cluster after it was killed, asking nicely first, and clears the
 * server's lock file when nobody is left that it could stand for. The caller holds the data folder.
 */
export async function endLeftovers(cluster: Cluster, log: (line: string) => void): Promise<void> {
  for (const { signal, waitMs } of ESCALATION) {
    const running = await clusterProcesses(cluster);
    if (running.length === 0) break;
    log(`Stopping PostgreSQL that an earlier start left running (process ${running[0]}, ${signal})`);
    // SIGINT and SIGQUIT go to the server, which tells the others; without a server they only need a little time.
    const targets = signal === 'SIGKILL' ? running : running.slice(0, 1);
    targets.forEach((pid) => sendSignal(pid, signal));
    await waitUntilGone(cluster, waitMs);
  }
  const left = await clusterProcesses(cluster);
  if (left.length > 0) {
    throw new StartupError(
      `PostgreSQL of an earlier start still runs on ${cluster.dataFolder} (process ${left.join(', ')}) and cannot be stopped.`,
      `stop it (kill -9 ${left.join(' ')}) and start again.`,
    );
  }
  await rm(path.join(cluster.dataFolder, 'postmaster.pid'), { force: true });
}

async function waitUntilGone(cluster: Cluster, waitMs: number): Promise<void> {
  const deadline = performance.now() + waitMs;
  while (performance.now() < deadline && (await clusterProcesses(cluster)).length > 0) await sleep(50);
}

/** Sends a signal to a process that may be gone by now. */
export function sendSignal(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // It has ended in the meantime, which is what the signal was for.
  }
}
