// The same on other servers: who may do what is decided in the process, before a database of a tenant is asked.
import {
  KEY_PERMISSIONS,
  type Permission,
  PERMISSIONS,
  ROLE_PERMISSIONS,
  ROLES,
} from '@nova/core/platform/access/permissions.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { type Api, expectStatus } from '../support/api.js';
import { startNova, type Nova, type TestTenant } from '../support/nova.js';
import { joinTeam } from '../support/team.js';

interface GuardedRoute {
  method: string;
  path: string;
  permission: Permission;
}

let nova: Nova;
let acme: TestTenant;
let routes: GuardedRoute[];

beforeAll(async () => {
  nova = await startNova();
  acme = await nova.tenant();
  routes = await guardedRoutes();
});

afterAll(() => nova.stop());

/** Every route that takes a permission, as the document says it. Ids are of nothing. */
async function guardedRoutes(): Promise<GuardedRoute[]> {
  const document = expectStatus(await nova.anonymous.get('/openapi.json'), 200) as {
    paths: Record<string, Record<string, { description?: string }>>;
  };
  return Object.entries(document.paths).flatMap(([template, item]) =>
    Object.entries(item).flatMap(([method, { description }]) => {
      const named = /Needs the permission `([a-z_]+:[a-z]+)`/.exec(description ?? '')?.[1];
      const permission = PERMISSIONS.find((one) => one === named);
      const path = template.replace(/^\/api/, '').replaceAll(/\{\w+\}/g, 'nothing');
      return permission ? [{ method: method.toUpperCase(), path, permission }] : [];
    }),
  );
}

/** Calls every route with a body that none takes: whoever may gets as far as a 4xx about that, never 403. */
async function differences(api: Api, allowed: ReadonlySet<Permission>): Promise<string[]> {
  const wrong: string[] = [];
  for (const { method, path, permission } of routes) {
    // Allowed, it would throw the test database away in the middle of the matrix.
    if (method === 'DELETE' && path === '/test-data' && allowed.has(permission)) continue;
    const body = method === 'POST' || method === 'PATCH' ? { 'no-such-key': true } : undefined;
    const answer = await api.request(method, path, body);
    const isForbidden = answer.status === 403;
    if (isForbidden === allowed.has(permission)) wrong.push(`${method} ${path} → ${answer.status}`);
    if (isForbidden && answer.body.code !== 'forbidden')
      wrong.push(`${method} ${path} → ${answer.body.code}`);
    if (answer.status >= 500 || answer.status === 401) wrong.push(`${method} ${path} → ${answer.status}`);
  }
  return wrong;
}

describe('every route, for everybody', () => {
  it('is in the matrix with each permission there is', () => {
    expect(new Set(routes.map((route) => route.permission))).toEqual(new Set(PERMISSIONS));
  });

  it.each(ROLES)('lets the role %s do what the table says', async (role) => {
    const member = await joinTeam(nova, acme, role);
    expect(await differences(member.api, ROLE_PERMISSIONS[role])).toEqual([]);
  });

  it('lets a secret key do all that keys may', async () => {
    expect(await differences(acme.api, new Set(KEY_PERMISSIONS))).toEqual([]);
  });

  it.each(KEY_PERMISSIONS)('lets a key restricted to %s do that and nothing else', async (scope) => {
    const made = expectStatus(
      await acme.user.post('/tenants/me/api-keys', {
        name: scope,
        mode: 'test',
        kind: 'restricted',
        scopes: [scope],
      }),
      201,
    );
    expect(await differences(nova.as(made.key), new Set([scope]))).toEqual([]);
  });
});
