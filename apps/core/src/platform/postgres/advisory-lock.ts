import type pg from 'pg';

import { SQL_STATE, sqlStateOf } from './sql-state.js';

/** The name of a lock: PostgreSQL knows it by a number. Locks of two databases never meet. */
export type LockName = number | `nova:${string}`;

/** A lock was not to be had in time: whoever holds it is still at work. */
export class LockTimeout extends Error {
  override readonly name = 'LockTimeout';
}

/**
 * Runs `work` while this connection holds a lock that belongs to its database. It goes when the connection does, so that
 * a process that dies leaves none behind.
 * @throws LockTimeout when others hold it for longer than `waitMs`
 */
export async function withAdvisoryLock<T>(
  client: pg.ClientBase,
  lock: { name: LockName; waitMs: number },
  work: () => Promise<T>,
): Promise<T> {
  await acquire(client, lock.name, lock.waitMs);
  try {
    return await work();
  } finally {
    // A connection that has failed has given the lock back already.
    await client.query(`SELECT pg_advisory_unlock(${keyOf(lock.name)})`).catch(() => undefined);
  }
}

/** The same, but without waiting: null when somebody else holds the lock. */
export function tryWithAdvisoryLock<T>(
  client: pg.ClientBase,
  name: LockName,
  work: () => Promise<T>,
): Promise<{ result: T } | null> {
  return workIfFree(client, { name, kind: '' }, work);
}

/** Shares a lock with others who share it, and with nobody who holds it alone: null when somebody does. */
export function tryWithSharedLock<T>(
  client: pg.ClientBase,
  name: LockName,
  work: () => Promise<T>,
): Promise<{ result: T } | null> {
  return workIfFree(client, { name, kind: '_shared' }, work);
}

async function workIfFree<T>(
  client: pg.ClientBase,
  { name, kind }: { name: LockName; kind: '' | '_shared' },
  work: () => Promise<T>,
): Promise<{ result: T } | null> {
  const { rows } = await client.query<{ taken: boolean }>(
    `SELECT pg_try_advisory_lock${kind}(${keyOf(name)}) AS taken`,
  );
  if (rows[0]?.taken !== true) return null;
  try {
    return { result: await work() };
  } finally {
    await client.query(`SELECT pg_advisory_unlock${kind}(${keyOf(name)})`).catch(() => undefined);
  }
}

async function acquire(client: pg.ClientBase, name: LockName, waitMs: number): Promise<void> {
  if (await takeIfFree(client, name)) return;
  await client.query(`SET lock_timeout = ${Math.trunc(waitMs)}`);
  try {
    await client.query(`SELECT pg_advisory_lock(${keyOf(name)})`);
  } catch (error) {
    if (sqlStateOf(error) !== SQL_STATE.lockNotAvailable) throw error;
    throw new LockTimeout(`The lock ${name} was held by another process for more than ${waitMs / 1_000} s.`, {
      cause: error,
    });
  } finally {
    await client.query('SET lock_timeout = 0').catch(() => undefined);
  }
}

async function takeIfFree(client: pg.ClientBase, name: LockName): Promise<boolean> {
  const { rows } = await client.query<{ taken: boolean }>(
    `SELECT pg_try_advisory_lock(${keyOf(name)}) AS taken`,
  );
  return rows[0]?.taken === true;
}

function keyOf(name: LockName): string {
  if (typeof name === 'number') return String(name);
  return `hashtextextended('${name.replaceAll("'", "''")}', 0)`;
}
