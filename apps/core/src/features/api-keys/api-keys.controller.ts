import { Body, Controller, Delete, Get, Inject, Param, Post, Query } from '@nestjs/common';

import { notFound } from '../../platform/errors/common-errors.js';
import { IdParamSchema } from '../../platform/http/common-schemas.js';
import { Cursors } from '../../platform/http/cursors.js';
import { Endpoint } from '../../platform/http/endpoint.decorator.js';
import { paginate } from '../../platform/http/pagination.js';
import { provisioningFailed } from '../../tenancy/provisioning/provisioning.errors.js';
import { noDatabaseServer } from '../../tenancy/servers/servers.errors.js';
import { Account, type AccountContext } from '../auth/account-context.js';
import { IDENTITY, type IdentityDeps } from '../auth/identity-deps.js';
import { KeyedOperation, type Operation } from '../idempotency/operation.js';
import { apiKeyLimit, apiKeyNotActive } from './api-keys.errors.js';
import {
  ApiKeyListSchema,
  type CreateApiKey,
  CreateApiKeySchema,
  type ListApiKeysQuery,
  ListApiKeysQuerySchema,
  NewApiKeySchema,
  type RollApiKey,
  RollApiKeySchema,
  toApiKeyInput,
  toApiKeyWire,
  toNewApiKeyWire,
} from './api-keys.schemas.js';
import { createApiKey } from './create-api-key.js';
import { revokeApiKey } from './revoke-api-key.js';
import { rollApiKey } from './roll-api-key.js';

@Controller('tenants/me/api-keys')
export class ApiKeysController {
  constructor(
    @Inject(IDENTITY) private readonly deps: IdentityDeps,
    private readonly cursors: Cursors,
  ) {}

  @Get()
  @Endpoint({
    summary: 'List API keys',
    description: 'With their hints, never the keys themselves. Revoked and expired ones stay in the list.',
    access: 'api_keys:read',
    returns: ApiKeyListSchema,
    operationId: 'listApiKeys',
  })
  list(
    @Account() account: AccountContext,
    @Query({ schema: ListApiKeysQuerySchema }) query: ListApiKeysQuery,
  ) {
    const { clock, central } = this.deps;
    const filter = { tenantId: account.tenantId, ...(query.mode ? { mode: query.mode } : {}) };
    return paginate({
      query,
      cursors: this.cursors,
      fetch: ({ where, orderBy, take }) =>
        central.apiKey.findMany({ where: { AND: [filter, where] }, orderBy, take }),
      toWire: (row) => toApiKeyWire(row, clock.now()),
    });
  }

  @Post()
  @Endpoint({
    summary: 'Create an API key',
    description: 'The key is shown in this answer and never again. The first live key opens live mode.',
    access: 'api_keys:write',
    status: 201,
    returns: NewApiKeySchema,
    errors: [apiKeyLimit, provisioningFailed, noDatabaseServer],
    example: { name: 'Billing service', mode: 'test' },
    operationId: 'createApiKey',
  })
  async create(
    @Account() account: AccountContext,
    @Body({ schema: CreateApiKeySchema }) input: CreateApiKey,
    @KeyedOperation() operation: Operation,
  ) {
    const now = this.deps.clock.now();
    const made = await createApiKey(this.deps, account, toApiKeyInput(input), (tx, key) =>
      operation.answer(tx, toNewApiKeyWire(key, now)),
    );
    return toNewApiKeyWire(made, now);
  }

  @Post(':id/roll')
  @Endpoint({
    summary: 'Roll an API key',
    description: 'Makes a new key that may do the same; the old one stays good for the overlap you choose.',
    access: 'api_keys:write',
    status: 201,
    returns: NewApiKeySchema,
    errors: [notFound, apiKeyNotActive],
    example: { expireOldInSeconds: 3_600 },
    operationId: 'rollApiKey',
  })
  async roll(
    @Account() account: AccountContext,
    @Param('id', { schema: IdParamSchema }) id: string,
    @Body({ schema: RollApiKeySchema }) input: RollApiKey,
    @KeyedOperation() operation: Operation,
  ) {
    const now = this.deps.clock.now();
    const made = await rollApiKey(this.deps, account, { id, ...input }, (tx, key) =>
      operation.answer(tx, toNewApiKeyWire(key, now)),
    );
    return toNewApiKeyWire(made, now);
  }

  @Delete(':id')
  @Endpoint({
    summary: 'Revoke an API key',
    description: 'Takes effect within two seconds everywhere.',
    access: 'api_keys:write',
    returns: null,
    errors: [notFound],
    operationId: 'revokeApiKey',
  })
  async revoke(@Account() account: AccountContext, @Param('id', { schema: IdParamSchema }) id: string) {
    await revokeApiKey(this.deps, account, id);
  }
}
