import { Module } from '@nestjs/common';

import { PlansController } from './plans.controller.js';
import { PricesController } from './prices.controller.js';

@Module({ controllers: [PlansController, PricesController] })
export class PlansModule {}
