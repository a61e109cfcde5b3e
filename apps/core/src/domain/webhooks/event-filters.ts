/** Whether a filter lets a type of event through: `*` all, `invoice.*` those of invoices, or the type itself. */
export function filterMatches(filter: string, type: string): boolean {
  if (filter === '*' || filter === type) return true;
  return filter.endsWith('.*') && type.startsWith(filter.slice(0, -1));
}
