import { Module } from '@nestjs/common';

import { CustomerEntitlementsController } from './customer-entitlements.controller.js';
import { EntitlementsController } from './entitlements.controller.js';

/** What customers may use, by their plans, and how much of it they have used. */
@Module({ controllers: [EntitlementsController, CustomerEntitlementsController] })
export class EntitlementsModule {}
