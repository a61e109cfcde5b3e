import { Inject, Module, type OnApplicationShutdown } from '@nestjs/common';

import { CONFIG } from '../config/config.module.js';
import type { Config } from '../config/config.schema.js';
import { AddressPolicy } from './address-policy.js';
import { OutboundClient } from './outbound-client.js';
import { dnsResolve, localResolve } from './resolve-host.js';

/** Requests to places that tenants name. */
@Module({
  providers: [
    {
      provide: AddressPolicy,
      inject: [CONFIG],
      useFactory: (config: Config) => new AddressPolicy(config.webhooks.allowedNetworks),
    },
    {
      provide: OutboundClient,
      inject: [AddressPolicy],
      useFactory: (policy: AddressPolicy) =>
        new OutboundClient(policy, policy.isOpen ? localResolve() : dnsResolve()),
    },
  ],
  exports: [AddressPolicy, OutboundClient],
})
export class OutboundModule implements OnApplicationShutdown {
  constructor(@Inject(OutboundClient) private readonly client: OutboundClient) {}

  onApplicationShutdown(): void {
    this.client.close();
  }
}
