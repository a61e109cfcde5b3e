import { Module } from '@nestjs/common';

import { PlansController } from './plans.controller.js';
import { PlanVersionsController } from './plan-versions.controller.js';
import { PricesController } from './prices.controller.js';

@Module({ controllers: [PlansController, PlanVersionsController, PricesController] })
export class PlansModule {}
