import { z } from 'zod';

import type { CentralClient } from '../../tenancy/central/central-database.js';
import type { KeyRing } from '../../tenancy/keys/key-ring.js';
import type { Answer } from './answer.js';
import type { KeyedRequest } from './keyed-request.js';
import type { RecordRow } from './record-queries.js';
import type { RecordStore } from './record-store.js';

const ContentSchema = z.object({ headers: z.record(z.string(), z.string()), body: z.string().nullable() });
const PlanSchema = z.object({ plan: z.string() });

/** As long as a tenant's transaction waits for one of its connections. */
const CONNECTION_WAIT_MS = 5_000;

/**
 * Records in central, of routes that open no tenant's database. They are sealed for their scope and key: the answer to
 * a registration shows an API key once, and a copy of the database must not show it again.
 */
export function centralRecords(central: CentralClient, keyRing: Pick<KeyRing, 'seal' | 'open'>): RecordStore {
  const open = async ({ sealed_body }: RecordRow, request: KeyedRequest): Promise<unknown> =>
    sealed_body ? JSON.parse(await keyRing.open(sealed_body, aadOf(request))) : null;
  return {
    transaction: (work) => central.$transaction((tx) => work(tx), { maxWait: CONNECTION_WAIT_MS }),
    readAnswer: async (row, request): Promise<Answer> => {
      const content = ContentSchema.parse(await open(row, request));
      return { status: z.int().parse(row.status_code), ...content };
    },
    readPlan: async (row, request) => PlanSchema.safeParse(await open(row, request)).data?.plan ?? null,
    writePlan: async (db, { request, lockedUntil }, plan) => {
      const sealed = await keyRing.seal(JSON.stringify({ plan }), aadOf(request));
      const count = await db.$executeRaw`
        UPDATE idempotency_records SET sealed_body = ${sealed}
        WHERE scope = ${request.scope} AND key = ${request.key} AND status = 'running'
          AND locked_until = ${lockedUntil}::timestamptz`;
      return count > 0;
    },
    writeAnswer: async (db, { request, lockedUntil }, { status, headers, body }) => {
      const sealed = await keyRing.seal(JSON.stringify({ headers, body }), aadOf(request));
      const count = await db.$executeRaw`
        UPDATE idempotency_records SET status = 'finished', status_code = ${status}, sealed_body = ${sealed}
        WHERE scope = ${request.scope} AND key = ${request.key} AND status = 'running'
          AND locked_until = ${lockedUntil}::timestamptz`;
      return count > 0;
    },
  };
}

function aadOf({ scope, key }: KeyedRequest): string {
  return `idempotency ${scope} ${key}`;
}
