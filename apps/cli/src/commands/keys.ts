import type { Command } from 'commander';

import { register as list } from './keys/list.js';
import { register as rotatePasswords } from './keys/rotate-passwords.js';
import { register as rotate } from './keys/rotate.js';

/** `nova keys …`: each command is a file of its own in the folder beside this one. */
export function register(program: Command): void {
  const keys = program
    .command('keys')
    .description('The keys that seal secrets, and the passwords of tenant databases');
  for (const registerCommand of [list, rotate, rotatePasswords]) registerCommand(keys);
}
