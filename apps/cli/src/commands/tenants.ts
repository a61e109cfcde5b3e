import type { Command } from 'commander';

import { register as create } from './tenants/create.js';
import { register as list } from './tenants/list.js';
import { register as show } from './tenants/show.js';

/** `nova tenants …`: each command is a file of its own in the folder beside this one. */
export function register(program: Command): void {
  const tenants = program.command('tenants').description('The companies that bill on this platform');
  for (const registerCommand of [create, list, show]) registerCommand(tenants);
}
