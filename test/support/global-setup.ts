import type { TestProject } from 'vitest/node';

import { startServices, type Services } from './services.js';

let started: Promise<Services> | null = null;
let users = 0;

/** Starts the servers once for all projects of a run; the last project to end stops them. */
export async function setup(project: TestProject): Promise<void> {
  users++;
  started ??= startServices(process.env);
  const services = await started;
  project.provide('postgresUrl', services.postgresUrl);
  project.provide('redisUrl', services.redisUrl);
  project.provide('poolerAddress', services.poolerAddress);
}

export async function teardown(): Promise<void> {
  users--;
  if (users > 0 || !started) return;
  const services = await started;
  started = null;
  await services.stop();
}
