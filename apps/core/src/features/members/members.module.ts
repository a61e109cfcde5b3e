import { Module } from '@nestjs/common';

import { AuthModule } from '../auth/auth.module.js';
import { InvitationsController } from './invitations.controller.js';
import { MembersController } from './members.controller.js';

@Module({ imports: [AuthModule], controllers: [MembersController, InvitationsController] })
export class MembersModule {}
