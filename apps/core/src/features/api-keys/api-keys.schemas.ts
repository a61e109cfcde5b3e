import type { ApiKey } from '@nova/prisma-central';
import { z } from 'zod';

import { KEY_PERMISSIONS, PERMISSIONS } from '../../platform/access/permissions.js';
import { API_KEY_KINDS } from '../../platform/crypto/api-key.js';
import { MomentInputSchema, MomentSchema } from '../../platform/http/common-schemas.js';
import { listOf, listQuery } from '../../platform/http/pagination.js';
import { lineText } from '../../platform/wire/text.js';
import { API_KEY_STATUSES, apiKeyStatus } from './api-key-status.js';
import type { ApiKeyInput, NewApiKey } from './insert-api-key.js';
import { OVERLAP_SECONDS_MAX } from './roll-api-key.js';

const ModeSchema = z.enum(['test', 'live']);
const ScopeSchema = z.enum(KEY_PERMISSIONS);

export const CreateApiKeySchema = z
  .strictObject({
    name: lineText({ max: 100 }).meta({ example: 'Billing service' }),
    mode: ModeSchema.meta({ description: 'The first live key makes the live database.' }),
    kind: z.enum(API_KEY_KINDS).default('secret').meta({
      description: '`secret` keys may do all that keys may, `restricted` ones what their scopes say.',
    }),
    scopes: z
      .array(ScopeSchema)
      .min(1)
      .max(KEY_PERMISSIONS.length)
      .optional()
      .meta({ description: 'For a restricted key.' }),
    expiresAt: MomentInputSchema.optional(),
  })
  .refine((input) => input.kind === 'secret' || input.scopes !== undefined, {
    path: ['scopes'],
    message: 'is needed for a restricted key',
  })
  .refine((input) => input.kind === 'restricted' || input.scopes === undefined, {
    path: ['scopes'],
    message: 'is for restricted keys only',
  })
  .meta({ id: 'CreateApiKey' });
export type CreateApiKey = z.infer<typeof CreateApiKeySchema>;

export const RollApiKeySchema = z
  .strictObject({
    expireOldInSeconds: z.int().min(0).max(OVERLAP_SECONDS_MAX).default(0).meta({
      description: 'How long the old key stays good beside the new one; 0 ends it at once, at most 7 days.',
    }),
  })
  .meta({ id: 'RollApiKey' });
export type RollApiKey = z.infer<typeof RollApiKeySchema>;

export const ApiKeySchema = z
  .object({
    object: z.literal('api_key'),
    id: z.string(),
    name: z.string(),
    mode: ModeSchema,
    kind: z.enum(API_KEY_KINDS),
    hint: z.string().meta({ example: 'sk_test_…k3X9' }),
    scopes: z.array(z.enum(PERMISSIONS)),
    status: z.enum(API_KEY_STATUSES),
    createdBy: z.string(),
    createdAt: MomentSchema,
    expiresAt: MomentSchema.nullable(),
    revokedAt: MomentSchema.nullable(),
    lastUsedAt: MomentSchema.nullable().meta({ description: 'Exact to a minute.' }),
    lastUsedIp: z.string().nullable(),
    rolledToId: z.string().nullable(),
  })
  .meta({ id: 'ApiKey' });
export type ApiKeyWire = z.infer<typeof ApiKeySchema>;

export const NewApiKeySchema = ApiKeySchema.extend({
  key: z.string().meta({ description: 'The key itself. It is shown this once and kept nowhere.' }),
}).meta({ id: 'NewApiKey' });

export const ListApiKeysQuerySchema = listQuery({ mode: ModeSchema.optional() });
export type ListApiKeysQuery = z.infer<typeof ListApiKeysQuerySchema>;
export const ApiKeyListSchema = listOf(ApiKeySchema, 'ApiKeyList');

/** What a verb takes, of what came over the wire. */
export function toApiKeyInput({ name, mode, kind, scopes, expiresAt }: CreateApiKey): ApiKeyInput {
  return {
    name,
    mode,
    kind,
    scopes: [...new Set(scopes)],
    expiresAt: expiresAt ? new Date(expiresAt) : null,
  };
}

/** A key as it may be shown at any time. */
export function toApiKeyWire(row: ApiKey, now: Date): ApiKeyWire {
  return {
    object: 'api_key',
    id: row.id,
    name: row.name,
    mode: row.mode === 'live' ? 'live' : 'test',
    kind: row.kind === 'secret' ? 'secret' : 'restricted',
    hint: row.hint,
    scopes: PERMISSIONS.filter((permission) => row.scopes.includes(permission)),
    status: apiKeyStatus(row, now),
    createdBy: row.createdBy,
    createdAt: row.createdAt.toISOString(),
    expiresAt: row.expiresAt?.toISOString() ?? null,
    revokedAt: row.revokedAt?.toISOString() ?? null,
    lastUsedAt: row.lastUsedAt?.toISOString() ?? null,
    lastUsedIp: row.lastUsedIp,
    rolledToId: row.rolledToId,
  };
}

/** A key with its text, for the one answer that shows it. */
export function toNewApiKeyWire({ row, key }: NewApiKey, now: Date): z.infer<typeof NewApiKeySchema> {
  return { ...toApiKeyWire(row, now), key };
}
