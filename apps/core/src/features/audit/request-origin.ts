/** Where a request came from, as the audit log and the list of sessions keep it. */
export interface RequestOrigin {
  readonly ip: string | null;
  readonly userAgent: string | null;
  readonly requestId: string | null;
}

/** The origin of what the platform's own processes and its operator's commands do. */
export const LOCAL_ORIGIN: RequestOrigin = { ip: null, userAgent: null, requestId: null };
