import { Module } from '@nestjs/common';

import { TaxRatesController } from './tax-rates.controller.js';

@Module({ controllers: [TaxRatesController] })
export class TaxRatesModule {}
