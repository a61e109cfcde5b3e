import { Module } from '@nestjs/common';

import { HostedLinks } from './hosted-links.js';

@Module({
  providers: [HostedLinks],
  exports: [HostedLinks],
})
export class HostedPagesModule {}
