/** One request to a fake, and what became of it. */
export interface JournalEntry {
  number: number;
  /** In the provider's time. */
  at: string;
  method: string;
  path: string;
  query: string;
  headers: Record<string, string>;
  /** The very bytes, as UTF-8. */
  rawBody: string;
  /** Null while it is open. */
  status: number | null;
  ended: 'open' | 'answered' | 'dropped';
  /** Whether the provider did its work: what it has decided stands, heard of or not. */
  committed: boolean;
  scripted: boolean;
}

/** Of a fake that runs for days, the last ones are enough. */
const ENTRIES_MAX = 5_000;

/** Every request, in the order of arrival. */
export class Journal {
  private entries: JournalEntry[] = [];
  private count = 0;

  open(entry: Omit<JournalEntry, 'number' | 'status' | 'ended' | 'committed' | 'scripted'>): JournalEntry {
    const added: JournalEntry = {
      ...entry,
      number: ++this.count,
      status: null,
      ended: 'open',
      committed: false,
      scripted: false,
    };
    this.entries.push(added);
    if (this.entries.length > ENTRIES_MAX) this.entries.shift();
    return added;
  }

  all(): readonly JournalEntry[] {
    return this.entries;
  }

  /** Those to one path, with a method when one is named. */
  to(path: string, method?: string): JournalEntry[] {
    return this.entries.filter((entry) => entry.path === path && (!method || entry.method === method));
  }

  clear(): void {
    this.entries = [];
  }
}
