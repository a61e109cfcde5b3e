import { Module } from '@nestjs/common';
import { APP_INTERCEPTOR } from '@nestjs/core';

import { IdempotencyInterceptor } from './idempotency.interceptor.js';
import { ExpiredRecords } from './idempotency.jobs.js';

/** The header `Idempotency-Key` on every POST. */
@Module({ providers: [ExpiredRecords, { provide: APP_INTERCEPTOR, useClass: IdempotencyInterceptor }] })
export class IdempotencyModule {}
