import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { METHOD_METADATA } from '@nestjs/common/constants.js';
import { DiscoveryService, MetadataScanner } from '@nestjs/core';

import { ENDPOINT } from './endpoint.decorator.js';

/** Fails start-up when a route does not say who may call it. Forgetting must not mean that everybody may. */
@Injectable()
export class EndpointAudit implements OnApplicationBootstrap {
  constructor(
    private readonly discovery: DiscoveryService,
    private readonly scanner: MetadataScanner,
  ) {}

  onApplicationBootstrap(): void {
    const bare = this.discovery.getControllers().flatMap(({ metatype }) => {
      if (typeof metatype !== 'function') return [];
      return this.routesWithoutEndpoint(metatype).map((method) => `${metatype.name}.${method}`);
    });
    if (bare.length > 0) throw new Error(`These routes have no @Endpoint: ${bare.join(', ')}.`);
  }

  private routesWithoutEndpoint(controller: { prototype: unknown }): string[] {
    const prototype = controller.prototype as Record<string, object>;
    return this.scanner.getAllMethodNames(prototype).filter((name) => {
      const handler = prototype[name];
      if (!handler || !Reflect.hasMetadata(METHOD_METADATA, handler)) return false;
      return !Reflect.hasMetadata(ENDPOINT, handler);
    });
  }
}
