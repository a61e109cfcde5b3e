import type { FactoryProvider } from '@nestjs/common';

import { CONFIG } from '../../platform/config/config.module.js';
import type { Config } from '../../platform/config/config.schema.js';
import { AddressPolicy } from '../../platform/outbound/address-policy.js';
import type { EndpointDeps } from './create-webhook-endpoint.js';
import { WebhookSecrets } from './webhook-secrets.js';

export const ENDPOINT_DEPS = Symbol('ENDPOINT_DEPS');

/** What the verbs of endpoints need besides a context. */
export const ENDPOINT_DEPS_PROVIDER: FactoryProvider<EndpointDeps> = {
  provide: ENDPOINT_DEPS,
  inject: [WebhookSecrets, AddressPolicy, CONFIG],
  useFactory: (secrets: WebhookSecrets, policy: AddressPolicy, config: Config) => ({
    secrets,
    policy,
    plainHttp: config.env === 'production' ? 'refused' : 'in_test_mode',
    endpointsMax: config.webhooks.endpointsMax,
  }),
};
