import { Module } from '@nestjs/common';

import { NotificationChannels } from './notification-channels.js';

@Module({ providers: [NotificationChannels], exports: [NotificationChannels] })
export class NotificationsModule {}
