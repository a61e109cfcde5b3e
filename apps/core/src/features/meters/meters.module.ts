import { Module } from '@nestjs/common';

import { MeterPresetsController } from './meter-presets.controller.js';
import { MetersController } from './meters.controller.js';

// The presets' path would be taken for a meter's id if it came second.
@Module({ controllers: [MeterPresetsController, MetersController] })
export class MetersModule {}
