import { Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';

import { notFound } from '../../platform/errors/common-errors.js';
import { TenantContexts } from '../../tenancy/context/tenant-contexts.js';
import { TenantDirectory } from '../../tenancy/directory/tenant-directory.js';
import type { TenantContext } from '../../tenancy/tenant-context.js';
import { type HostedPage, HostedLinks } from './hosted-links.js';

/** Somebody who has the address of a page, with the tenant whose page it is. */
export interface Visit {
  readonly ctx: TenantContext;
  readonly page: HostedPage;
  /** Where the page is, at this site: what links and forms of it begin with. */
  readonly path: string;
}

/** A payer is nobody whom the platform knows. */
const PAYER = { type: 'system', id: 'hosted_page' } as const;

/** Opens the tenant of a page for whoever has its address. */
@Injectable()
export class Visits {
  constructor(
    private readonly links: HostedLinks,
    private readonly directory: TenantDirectory,
    private readonly contexts: TenantContexts,
  ) {}

  /**
   * Does `work` for who came with this token.
   * @throws not_found for a token that is none of ours, or whose test data was thrown away, and what opening a tenant throws
   */
  run<T>(token: string, request: FastifyRequest, work: (visit: Visit) => Promise<T>): Promise<T> {
    const page = this.links.read(token);
    if (!page) throw notFound('There is no such page.');
    return this.inDatabase(page.databaseId, request, (ctx) => work({ ctx, page, path: `/pay/${token}` }));
  }

  /**
   * Opens the tenant of a database. Only for what anybody may see who can name it.
   * @throws not_found when it is not in use, and what opening a tenant throws
   */
  async inDatabase<T>(
    databaseId: string,
    request: FastifyRequest,
    work: (ctx: TenantContext) => Promise<T>,
  ): Promise<T> {
    const owner = await this.directory.ofDatabase(databaseId);
    if (!owner) throw notFound('There is no such page.');
    const asked = { ...owner, actor: PAYER, requestId: request.id, ip: request.ip };
    return this.contexts.run(asked, work);
  }
}
