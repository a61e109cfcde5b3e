import { Module } from '@nestjs/common';

import { CouponsController } from './coupons.controller.js';
import { CustomerDiscountsController } from './customer-discounts.controller.js';

@Module({ controllers: [CouponsController, CustomerDiscountsController] })
export class CouponsModule {}
