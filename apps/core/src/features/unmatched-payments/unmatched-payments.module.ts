import { Module } from '@nestjs/common';

import { UnmatchedPaymentsController } from './unmatched-payments.controller.js';

@Module({ controllers: [UnmatchedPaymentsController] })
export class UnmatchedPaymentsModule {}
