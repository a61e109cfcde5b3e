import pg from 'pg';

import { sqlStateOf, SQL_STATE } from '../../platform/postgres/sql-state.js';

/** How long a login may take. One to a cold database takes 10 ms; under full load a hundred times as long. */
export const CONNECT_LIMIT_MS = 3_000;

/** PostgreSQL is starting or stopping, or a pooler could not reach it: somebody answers, but nothing can be done there. */
const ANSWERS_IN_VAIN = new Set<string>([
  SQL_STATE.starting,
  SQL_STATE.crashed,
  SQL_STATE.administratorEnded,
  SQL_STATE.protocolViolation,
]);

/**
 * Logs in and out again, to see whether a database answers at all. A pooler lets nobody in before the database behind it
 * has told it his password.
 * @throws Error when it cannot be reached; one that answers with a refusal is there
 */
export async function tryLogin(connectionString: string): Promise<void> {
  const client = new pg.Client({
    connectionString,
    application_name: 'nova-probe',
    connectionTimeoutMillis: CONNECT_LIMIT_MS,
  });
  client.on('error', () => undefined);
  try {
    await client.connect();
  } catch (error) {
    if (saysUnreachable(error)) throw error;
  } finally {
    // Not waited for: a server that has fallen silent would not say good-bye.
    client.end().catch(() => undefined);
  }
}

/** Whether a failure to connect means that the database cannot be worked with, rather than that it answered with a refusal. */
export function saysUnreachable(error: unknown): boolean {
  const state = sqlStateOf(error);
  return state === null || state.startsWith('08') || ANSWERS_IN_VAIN.has(state);
}
