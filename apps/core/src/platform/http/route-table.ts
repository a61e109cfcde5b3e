import { Injectable } from '@nestjs/common';
import type { FastifyInstance, RouteOptions } from 'fastify';

/** The routes the server has, to tell a path it does not know from a method it does not take there. */
@Injectable()
export class RouteTable {
  private readonly methodsByPattern = new Map<string, { matches: RegExp; methods: Set<string> }>();

  /** Notes every route that is added from now on. */
  watch(fastify: FastifyInstance): void {
    fastify.addHook('onRoute', (route) => this.add(route));
  }

  /** The methods that some route takes at this URL, sorted; none when the path is unknown. */
  methodsOf(url: string): string[] {
    const path = url.split('?', 1)[0] ?? '';
    const methods = new Set<string>();
    for (const route of this.methodsByPattern.values()) {
      if (route.matches.test(path)) for (const method of route.methods) methods.add(method);
    }
    return [...methods].sort();
  }

  private add({ url, method }: Pick<RouteOptions, 'url' | 'method'>): void {
    const route = this.methodsByPattern.get(url) ?? { matches: patternOf(url), methods: new Set<string>() };
    for (const name of [method].flat()) route.methods.add(name);
    this.methodsByPattern.set(url, route);
  }
}

function patternOf(url: string): RegExp {
  const steps = url.split('/').map((step) => {
    if (step.startsWith(':')) return '[^/]+';
    return step.replaceAll(/[.+?^${}()|[\]\\]/g, String.raw`\$&`).replaceAll('*', '.*');
  });
  return new RegExp(`^${steps.join('/')}/?$`);
}
