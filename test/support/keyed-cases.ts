import type { Api } from './api.js';

interface Asked {
  path: string;
  body?: unknown;
}

/** A request that may succeed once, and another one on the same route. */
export interface Case {
  first: Asked;
  other: Asked;
  by?: Api;
}

/** What is asked for differs by the object alone. */
export async function onTwo(
  make: () => Promise<string>,
  path: (id: string) => string,
  body?: unknown,
): Promise<Case> {
  return { first: { path: path(await make()), body }, other: { path: path(await make()), body } };
}
