import { Body, Controller, Get, Inject, Patch } from '@nestjs/common';

import { preconditionFailed } from '../../platform/errors/common-errors.js';
import { Endpoint } from '../../platform/http/endpoint.decorator.js';
import { type ExpectedVersions, IfMatch } from '../../platform/http/if-match.js';
import { Account, type AccountContext } from '../auth/account-context.js';
import { slugTaken } from '../auth/auth.errors.js';
import { IDENTITY, type IdentityDeps } from '../auth/identity-deps.js';
import { TenantSchema, toTenantWire, type UpdateTenant, UpdateTenantSchema } from './tenants.schemas.js';
import { updateTenant } from './update-tenant.js';

@Controller('tenants/me')
export class TenantsController {
  constructor(@Inject(IDENTITY) private readonly deps: IdentityDeps) {}

  @Get()
  @Endpoint({
    summary: 'Read the tenant',
    access: 'tenant:read',
    returns: TenantSchema,
    operationId: 'getTenant',
  })
  async get(@Account() { tenantId }: AccountContext) {
    return toTenantWire(await this.deps.central.tenant.findUniqueOrThrow({ where: { id: tenantId } }));
  }

  @Patch()
  @Endpoint({
    summary: 'Change the tenant',
    description: 'Its name, defaults and what its invoices print. Finalised invoices keep what they printed.',
    access: 'tenant:write',
    returns: TenantSchema,
    errors: [slugTaken, preconditionFailed],
    example: { name: 'Acme Ltd', settings: { legalName: 'Acme Limited', netTermsDays: 14 } },
    operationId: 'updateTenant',
  })
  async update(
    @Account() account: AccountContext,
    @IfMatch() expected: ExpectedVersions,
    @Body({ schema: UpdateTenantSchema }) input: UpdateTenant,
  ) {
    return toTenantWire(await updateTenant(this.deps, account, { input, expected }));
  }
}
