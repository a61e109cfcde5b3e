import type { Answer } from './answer.js';
import type { KeyedRequest } from './keyed-request.js';
import type { Held, RecordDb, RecordRow } from './record-queries.js';

/** Where records are kept, and in which form their answers are. */
export interface RecordStore {
  transaction<T>(work: (db: RecordDb) => Promise<T>): Promise<T>;
  readAnswer(row: RecordRow, request: KeyedRequest): Promise<Answer>;
  /** What an earlier run decided; null when it came to nothing. */
  readPlan(row: RecordRow, request: KeyedRequest): Promise<string | null>;
  /** False when the record is another's by now. */
  writePlan(db: RecordDb, held: Held, plan: string): Promise<boolean>;
  /** False when the record is another's by now. */
  writeAnswer(db: RecordDb, held: Held, answer: Answer): Promise<boolean>;
}
