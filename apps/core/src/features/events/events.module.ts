import { Module } from '@nestjs/common';

import { EventTypesController } from './event-types.controller.js';
import { EventsController } from './events.controller.js';

@Module({ controllers: [EventsController, EventTypesController] })
export class EventsModule {}
