import { Module } from '@nestjs/common';

import { CompleteResets } from './complete-resets.js';
import { TestModeController } from './test-mode.controller.js';
import { TestClockMover } from './test-mode.jobs.js';

@Module({ controllers: [TestModeController], providers: [TestClockMover, CompleteResets] })
export class TestModeModule {}
