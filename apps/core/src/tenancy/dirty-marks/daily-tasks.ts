import { Inject, Injectable } from '@nestjs/common';
import type { Logger } from 'pino';

import { LOGGER } from '../../platform/log/log.module.js';
import { SQL_STATE, sqlStateOf } from '../../platform/postgres/sql-state.js';
import type { OpenDatabase } from '../context/open-databases.js';

/**
 * Something to do once a day in every tenant database, such as removing rows that have served their time. It goes by
 * the machine's clock, may run twice a day, and may find a database that is one schema behind.
 */
export type DailyTask = (database: OpenDatabase) => Promise<void>;

/** What the sweeper does on its daily visit to a database. The owning feature registers its task. */
@Injectable()
export class DailyTasks {
  private readonly tasks = new Map<string, DailyTask>();

  constructor(@Inject(LOGGER) private readonly log: Logger) {}

  register(name: string, task: DailyTask): void {
    if (this.tasks.has(name)) throw new Error(`The daily task ${name} is registered twice.`);
    this.tasks.set(name, task);
  }

  /**
   * Does every task, one after another. One that fails keeps no other from being done, and is tried again tomorrow;
   * one whose table the database does not have yet waits for the database to be migrated.
   */
  async run(database: OpenDatabase): Promise<void> {
    for (const [task, work] of this.tasks) {
      try {
        await work(database);
      } catch (error) {
        if (sqlStateOf(error) === SQL_STATE.undefinedTable) continue;
        const { tenantId, databaseId } = database;
        this.log.warn({ err: error, task, tenantId, databaseId }, 'A daily task has failed.');
      }
    }
  }
}
