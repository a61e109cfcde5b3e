/** What the doctor found out about one thing. */
export interface Finding {
  status: 'ok' | 'warning' | 'problem';
  subject: string;
  detail: string;
  /** What to do about it. */
  remedy?: string;
}
