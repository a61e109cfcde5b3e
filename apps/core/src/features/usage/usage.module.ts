import { Module } from '@nestjs/common';

import { UsageController } from './usage.controller.js';
import { UsageMonths } from './usage.jobs.js';

@Module({ controllers: [UsageController], providers: [UsageMonths] })
export class UsageModule {}
