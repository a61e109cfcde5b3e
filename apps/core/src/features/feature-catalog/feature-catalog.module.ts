import { Module } from '@nestjs/common';

import { FeaturesController } from './features.controller.js';
import { PlanFeaturesController } from './plan-features.controller.js';

/** What plans grant besides prices. What a customer then has of it is in `features/entitlements`. */
@Module({ controllers: [FeaturesController, PlanFeaturesController] })
export class FeatureCatalogModule {}
