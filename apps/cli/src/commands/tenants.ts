import type { Command } from 'commander';

import { register as archive } from './tenants/archive.js';
import { register as backup } from './tenants/backup.js';
import { register as create } from './tenants/create.js';
import { register as remove } from './tenants/delete.js';
import { register as exportData } from './tenants/export.js';
import { register as list } from './tenants/list.js';
import { register as maintenance } from './tenants/maintenance.js';
import { register as move } from './tenants/move.js';
import { register as purge } from './tenants/purge.js';
import { register as restore } from './tenants/restore.js';
import { register as resume } from './tenants/resume.js';
import { register as show } from './tenants/show.js';
import { register as suspend } from './tenants/suspend.js';
import { register as unarchive } from './tenants/unarchive.js';
import { register as undelete } from './tenants/undelete.js';
import { register as verify } from './tenants/verify.js';

const COMMANDS = [
  create,
  list,
  show,
  suspend,
  resume,
  maintenance,
  archive,
  unarchive,
  exportData,
  backup,
  restore,
  move,
  verify,
  remove,
  undelete,
  purge,
];

/** `nova tenants …`: each command is a file of its own in the folder beside this one. */
export function register(program: Command): void {
  const tenants = program.command('tenants').description('The companies that bill on this platform');
  for (const registerCommand of COMMANDS) registerCommand(tenants);
}
