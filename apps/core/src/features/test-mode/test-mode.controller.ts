import { Body, Controller, Delete, Get, HttpStatus, Post, Req } from '@nestjs/common';

import { invalidRequest } from '../../platform/errors/common-errors.js';
import { Ctx } from '../../platform/http/ctx.decorator.js';
import { Endpoint } from '../../platform/http/endpoint.decorator.js';
import type { NovaRequest } from '../../platform/http/request.js';
import { CentralDatabase } from '../../tenancy/central/central-database.js';
import { provisioningFailed } from '../../tenancy/provisioning/provisioning.errors.js';
import { noDatabaseServer } from '../../tenancy/servers/servers.errors.js';
import { TenantProvisioner } from '../../tenancy/provisioning/tenant-provisioner.js';
import type { TenantContext } from '../../tenancy/tenant-context.js';
import { KeyedOperation, type Operation } from '../idempotency/operation.js';
import { requireTestMode } from './require-test-mode.js';
import { readTestClock } from './read-test-clock.js';
import { resetTestData } from './reset-test-data.js';
import { TestClockMover } from './test-mode.jobs.js';
import { clockCannotGoBack, clockIsAdvancing, liveMode } from './test-mode.errors.js';
import {
  ADVANCE_DAYS_MAX,
  type AdvanceTestClock,
  AdvanceTestClockSchema,
  TestClockSchema,
  toTestClockWire,
} from './test-mode.schemas.js';

const DAY_MS = 86_400_000;

@Controller()
export class TestModeController {
  constructor(
    private readonly mover: TestClockMover,
    private readonly central: CentralDatabase,
    private readonly provisioner: TenantProvisioner,
  ) {}

  @Get('test-clock')
  @Endpoint({
    summary: 'Read the test clock',
    description: 'It goes with real time until it is moved for the first time.',
    access: 'test_mode:read',
    returns: TestClockSchema,
    errors: [liveMode],
    operationId: 'retrieveTestClock',
  })
  async clock(@Ctx() ctx: TenantContext) {
    return toTestClockWire(await readTestClock(ctx));
  }

  @Post('test-clock/advance')
  @Endpoint({
    summary: 'Move the test clock forward',
    description:
      'Everything that comes due on the way happens before the answer, in order: renewals, charges, e-mails. A move with a lot of work on its way is answered with 202 and goes on in the background: `advancingTo` is null once it has arrived. From the first move on the clock stands still between moves.',
    access: 'test_mode:write',
    // What comes due on the way is done in transactions of its own.
    idempotency: 'resumable',
    returns: TestClockSchema,
    mayGoOn: true,
    errors: [liveMode, clockCannotGoBack, clockIsAdvancing, invalidRequest],
    example: { to: '2027-03-01T00:00:00Z' },
    operationId: 'advanceTestClock',
  })
  async advance(
    @Ctx() ctx: TenantContext,
    @Body({ schema: AdvanceTestClockSchema }) input: AdvanceTestClock,
    @KeyedOperation() operation: Operation,
    @Req() request: NovaRequest,
  ) {
    requireTestMode(ctx);
    // Days count from where the clock was at first, also for who takes the move up from where a crash has left it.
    const target = new Date(await operation.decide(() => readTarget(ctx, input).toISOString()));
    const hasArrived = operation.isResumed && (await readTestClock(ctx)).now >= target;
    const outcome = hasArrived ? 'arrived' : await this.mover.advance(ctx, target);
    if (outcome === 'handed_over') request.answerStatus = HttpStatus.ACCEPTED;
    return toTestClockWire(await readTestClock(ctx));
  }

  @Delete('test-data')
  @Endpoint({
    summary: 'Delete all test data',
    description: 'Gives the tenant a fresh, empty test database, whose clock goes with real time again.',
    access: 'test_mode:write',
    returns: null,
    errors: [liveMode, provisioningFailed, noDatabaseServer],
    operationId: 'deleteTestData',
  })
  async deleteData(@Ctx() ctx: TenantContext) {
    await resetTestData({ central: this.central, provisioner: this.provisioner }, ctx);
  }
}

function readTarget(ctx: TenantContext, { to, days = 0 }: AdvanceTestClock): Date {
  const now = ctx.clock.now().getTime();
  if (to === undefined) return new Date(now + days * DAY_MS);
  const target = new Date(to);
  if (target.getTime() - now <= ADVANCE_DAYS_MAX * DAY_MS) return target;
  const message = 'must not be more than five years ahead';
  throw invalidRequest(`to ${message}.`, { errors: [{ pointer: '/to', code: 'out_of_range', message }] });
}
