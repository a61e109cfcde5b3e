import type { Command } from 'commander';

import { register as add } from './servers/add.js';
import { register as list } from './servers/list.js';
import { register as remove } from './servers/remove.js';
import { register as set } from './servers/set.js';
import { register as state } from './servers/state.js';

/** `nova servers …`: each command is a file of its own in the folder beside this one. */
export function register(program: Command): void {
  const servers = program
    .command('servers')
    .description('The PostgreSQL servers that tenant databases are made on');
  for (const registerCommand of [list, add, set, state, remove]) registerCommand(servers);
}
