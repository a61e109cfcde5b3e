import type { FleetRun } from '@nova/core/tenancy/migrator/migrate-fleet.js';
import type { MigrationStatus, Straggler } from '@nova/core/tenancy/migrator/migration-status.js';
import type { FleetPlan, PlannedDatabase } from '@nova/core/tenancy/migrator/plan-fleet.js';

import { fields, table } from '../../output/print-result.js';

const BAR_WIDTH = 30;
const STRAGGLERS_SHOWN = 50;

/** The run, then the histogram of versions, then who is behind. */
export function describeRun({ run, status }: { run: FleetRun; status: MigrationStatus | null }): string {
  const { succeeded, failed, left } = run.counts;
  return [
    fields({
      run: run.runId,
      status: run.status,
      succeeded: String(succeeded),
      failed: String(failed),
      left: String(left),
    }),
    ...(status ? [histogram(status.versions), ...stragglers(status.stragglers)] : []),
    ...advice(run),
  ].join('\n\n');
}

function advice({ runId, status, counts }: FleetRun): string[] {
  if (runId === null) return [];
  const retry = counts.failed > 0 ? [`Try what failed again with: nova migrate --retry-failed ${runId}`] : [];
  const resume = counts.left > 0 ? [`Go on with the rest with: nova migrate --resume ${runId}`] : [];
  const lines = [...retry, ...resume];
  return status === 'succeeded' || lines.length === 0 ? [] : [lines.join('\n')];
}

export function describeStatus(status: MigrationStatus): string {
  const runs = status.runs.map((run) => [
    run.id,
    run.status,
    run.startedAt.toISOString(),
    String(run.succeeded),
    String(run.failed),
    String(run.left),
    run.startedBy,
  ]);
  return [
    fields({ 'required version': status.required, 'served from': status.oldestServed }),
    histogram(status.versions),
    ...(runs.length > 0
      ? [table(['RUN', 'STATUS', 'STARTED', 'SUCCEEDED', 'FAILED', 'LEFT', 'BY'], runs)]
      : ['There has been no run yet.']),
    ...stragglers(status.stragglers),
  ].join('\n\n');
}

function histogram(versions: MigrationStatus['versions']): string {
  const most = Math.max(1, ...versions.map(({ databases }) => databases));
  const rows = versions.map(({ version, databases }) => [
    version ?? 'none',
    String(databases),
    '█'.repeat(Math.max(1, Math.round((databases / most) * BAR_WIDTH))),
  ]);
  return table(['VERSION', 'DATABASES', ''], rows);
}

function stragglers(all: readonly Straggler[]): string[] {
  if (all.length === 0) return [];
  const rows = all
    .slice(0, STRAGGLERS_SHOWN)
    .map((s) => [s.slug, s.mode, s.version ?? 'none', s.served ? 'yes' : 'no', oneLine(s.error)]);
  const more =
    all.length > rows.length ? [`… and ${all.length - rows.length} more; --json lists them all.`] : [];
  return [[table(['BEHIND', 'MODE', 'VERSION', 'SERVED', 'ERROR'], rows), ...more].join('\n')];
}

export function describePlan(plan: FleetPlan): string {
  const groups = new Map<string, PlannedDatabase[]>();
  for (const one of plan.databases) {
    const key = one.problem === null ? `${one.phase}\n${one.migrations.join('\n')}` : '';
    groups.set(key, [...(groups.get(key) ?? []), one]);
  }
  const problems = (groups.get('') ?? []).map((one) => [nameOf(one), one.phase, oneLine(one.problem)]);
  groups.delete('');
  const work = [...groups.values()].map((group) => {
    const [first] = group;
    const names = group.map(nameOf).join(', ');
    return `${first?.phase}, ${group.length}: ${names}\n${(first?.migrations ?? []).map((name) => `  ${name}`).join('\n')}`;
  });
  return [
    fields({ target: plan.target, 'lacking nothing': String(plan.upToDate) }),
    ...(plan.note === null ? [] : [plan.note]),
    ...(problems.length > 0 ? [table(['WOULD FAIL', 'PHASE', 'WHY'], problems)] : []),
    ...(work.length > 0 ? work : ['There is nothing to do.']),
    ...Object.entries(plan.sql).map(([name, sql]) => `-- ${name}\n${sql.trim()}`),
  ].join('\n\n');
}

function nameOf({ name, mode }: PlannedDatabase): string {
  return mode === null ? name : `${name} (${mode})`;
}

function oneLine(text: string | null): string {
  return (text ?? '').replaceAll(/\s+/g, ' ');
}
