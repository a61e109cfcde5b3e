import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';

/**
 * When a running process was started, as the operating system counts it, or null when there is none of that number.
 * Number and start together tell a process from a later one that was given the same number.
 */
export async function processStart(pid: number): Promise<string | null> {
  if (process.platform === 'linux') return startFromProc(pid);
  try {
    const { stdout } = await promisify(execFile)('ps', ['-o', 'lstart=', '-p', String(pid)], {
      env: { LC_ALL: 'C' },
    });
    return stdout.trim() || null;
  } catch {
    return null;
  }
}

async function startFromProc(pid: number): Promise<string | null> {
  try {
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
    // The program's name stands in parentheses and may hold spaces: the fields are counted from its end.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const state = fields[0];
    const ticksSinceBoot = fields[19];
    if (state === 'Z' || ticksSinceBoot === undefined) return null;
    const boot = await readFile('/proc/sys/kernel/random/boot_id', 'utf8');
    return `${boot.trim()}/${ticksSinceBoot}`;
  } catch {
    return null;
  }
}
